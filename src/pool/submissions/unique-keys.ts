/** The option `unique`: at most one submission per key at a time, from the call to its outcome. */

import { DuplicateTask } from '../../errors.ts';
import { abortable } from '../../kit/abortable.ts';
import { onAbort } from '../../kit/on-abort.ts';
import { quoted } from '../../kit/printed.ts';
import { markHandled } from '../../kit/promises.ts';
import type { OnDuplicate } from '../options/group-options.ts';
import type { Submission } from './submission.ts';

/** Who has a key, and who gets it next: at most one, since another one would replace that. */
interface Holder {
  current: Submission;
  next: Submission | undefined;
}

/** What is done about submissions. */
interface Acting {
  cancel(submission: Submission, reason: unknown): void;
  /** Queues a submission for a slot. */
  start(submission: Submission): void;
}

export class UniqueKeys {
  readonly #acting: Acting;
  readonly #holders = new Map<string, Holder>();

  constructor(acting: Acting) {
    this.#acting = acting;
  }

  /** The latest submission with a key that is not over. */
  get(key: string): Submission | undefined {
    const holder = this.#holders.get(key);
    return holder?.next ?? holder?.current;
  }

  /**
   * The promise of a submission, for another one with its key.
   *
   * @throws DuplicateTask
   */
  join(
    present: Submission,
    onDuplicate: OnDuplicate | undefined,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    if (onDuplicate === 'refuse') {
      throw new DuplicateTask(
        `expected a key that no other submission has, got ${quoted(present.key)} of one that is not over`,
      );
    }
    present.isAwaited = true;
    return signal === undefined ? present.promise : joined(present, signal);
  }

  /** Lets a submission have a key, as soon as the one that it replaces is over; gives that, if any. */
  claim(key: string, submission: Submission): Submission | undefined {
    submission.key = key;
    submission.whenOver(() => this.#leave(key, submission));
    const holder = this.#holders.get(key);
    if (holder === undefined) {
      this.#holders.set(key, { current: submission, next: undefined });
      return undefined;
    }
    const before = holder.next ?? holder.current;
    holder.next = submission;
    return before;
  }

  /** Lets a submission start with a key, when the one that has it is over: that is cancelled. */
  enter(key: string, submission: Submission): void {
    if (!submission.isWaiting) return;
    const before = this.claim(key, submission);
    if (before === undefined) {
      this.#acting.start(submission);
      return;
    }
    submission.isHeld = true;
    submission.group.submissions.hold(submission);
    const reason = new DuplicateTask(`replaced by another submission with the key ${quoted(key)}`);
    this.#acting.cancel(before, reason);
  }

  #leave(key: string, submission: Submission): void {
    const holder = this.#holders.get(key);
    if (holder?.next === submission) holder.next = undefined;
    if (holder?.current !== submission) return;
    const { next } = holder;
    if (next === undefined) this.#holders.delete(key);
    else {
      holder.current = next;
      holder.next = undefined;
      this.#acting.start(next);
    }
  }
}

/** The same outcome, unless the signal is aborted first: which is nothing to be awaited by anyone. */
function joined(present: Submission, signal: AbortSignal): Promise<unknown> {
  const { promise } = present;
  const own = abortable(signal, (resolve) => {
    promise.then(resolve, (error) => {
      // No one would take it any more.
      if (!signal.aborted) resolve(Promise.reject(error));
    });
    return () => {};
  });
  if (signal.aborted) markHandled(own);
  else {
    const forget = onAbort(signal, () => markHandled(own));
    promise.then(forget, () => {
      forget();
      if (present.isCancelled) markHandled(own);
    });
  }
  return own;
}
