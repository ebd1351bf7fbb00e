/** The option `unique`: at most one submission per key at a time, from the call to its outcome. */

import { DuplicateTask } from '../../errors.ts';
import { onAbort, reasonOf } from '../../kit/on-abort.ts';
import { quoted } from '../../kit/printed.ts';
import { markHandled, refusal } from '../../kit/promises.ts';
import type { OnDuplicate } from '../options/group-options.ts';
import type { Submission } from './submission.ts';

/** The submission that has a key, and at most one that gets it next: a further one would replace that. */
interface Holder {
  current: Submission;
  next: Submission | undefined;
}

/** The operations on submissions. */
interface Acting {
  /** Cancels a submission that another one replaces. */
  replace(submission: Submission, reason: unknown): void;
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
        `expected a key that no other submission has, got ${quoted(present.key)} of one that has not settled`,
      );
    }
    present.isAwaited = true;
    return signal === undefined ? present.promise : joined(present, signal);
  }

  /** Gives a key to a submission, as soon as the one that it replaces is over; returns that, if any. */
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

  /** Starts a submission with a key; if another one has the key, cancels that and starts this one when it is over. */
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
    this.#acting.replace(before, reason);
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

/**
 * A promise of the same outcome that rejects if the signal is aborted first, without becoming an unhandled rejection.
 */
function joined(present: Submission, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return refusal(reasonOf(signal));
  const own = new Promise<unknown>((resolve, reject) => {
    const stopListening = onAbort(signal, (reason) => {
      markHandled(own);
      reject(reason);
    });
    const fail = (error: unknown) => {
      if (present.isCancelled) markHandled(own);
      reject(error);
    };
    present.promise.then(resolve, fail).finally(stopListening);
  });
  return own;
}
