/** The interface of a journal to its pool: what is to be written, and what happens when writing fails. */

import { Code } from '../../events/event-codes.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import { runSoon, stepByStep } from '../../kit/jobs.ts';
import { whenAborted } from '../../kit/on-abort.ts';
import { ENDED } from '../../machines/charts.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import type { GroupRecord } from '../../machines/records.ts';
import { errorData } from '../../machines/to-json.ts';
import type { Persister, Recording } from '../door/persister.ts';
import { SubmissionGroup, SubmittedTask } from '../submissions/submission-group.ts';
import type { JournaledPool } from './journal.ts';
import { recordTogether } from './record-together.ts';

/** How many submissions are rejected in one step. */
const PART = 4_096;

export class Journaled {
  readonly #parts: JournaledPool;

  constructor(parts: JournaledPool) {
    this.#parts = parts;
  }

  /** The class and the name of the pool. */
  toString(): string {
    return String(this.#parts);
  }

  get state(): PoolState {
    return this.#parts.door.state;
  }

  /** The time: milliseconds since the epoch. */
  get at(): number {
    return this.#parts.door.turn.at;
  }

  /** Records events atomically. */
  record(together: readonly Recording[]): void {
    const { door } = this.#parts;
    const [first, ...others] = together;
    if (first === undefined) return;
    if (others.length > 0) recordTogether(door, together);
    else door.record(first.code, first.subject, first.n, first.detail);
  }

  /** Its events in memory. */
  get history(): EventHistory {
    return this.#parts.door.journal;
  }

  /** Where events are written; undefined if the store is the history in memory itself. */
  get persister(): Persister | undefined {
    return this.#parts.door.persister;
  }

  set persister(persister: Persister) {
    this.#parts.door.persister = persister;
  }

  /** Resolves when no function and no callback runs, after this many milliseconds, or when the signal is aborted. */
  async untilAtRest(ms: number, signal?: AbortSignal): Promise<void> {
    const { door, conditions, callbacks } = this.#parts;
    const isAtRest = () => door.state.slots === 0 && callbacks.pending === 0;
    const late = new AbortController();
    const timer = door.turn.after(ms, () => late.abort());
    const stopListening = signal && whenAborted(signal, () => late.abort());
    try {
      await conditions.until('at rest', isAtRest, late.signal);
    } catch {
      // The grace is over.
    }
    door.turn.cancel(timer);
    stopListening?.();
  }

  /**
   * Cancels everything with an error, without callbacks, and closes the pool. Waiting callers get the error
   * immediately, since functions may ignore the abort.
   */
  async abandon(error: unknown): Promise<void> {
    const { delivery, door, callbacks, cancelling, closing, submissions, conditions } = this.#parts;
    const { groups, cancelled, tasks } = door.state;
    callbacks.areSilent = true;
    delivery.failures.keep(door, error);
    cancelling.tasks(tasks, error);
    const sinks = [...groups, ...cancelled].map(({ sink }) => sink);
    submissions.log = undefined;
    await stepByStep(abandonWaiting(groups, error));
    cancelling.all(error);
    for (const sink of sinks) {
      sink?.fail(error);
      sink?.finish();
    }
    for (const task of tasks) {
      if (task.state === ENDED) continue;
      task.asked?.reject(error);
      task.asked = undefined;
      if (task instanceof SubmittedTask) abandonSubmission(task, error);
    }
    closing.begin();
    conditions.notify();
  }

  /** Called when events were written: more tasks may start. */
  schedule(): void {
    this.#parts.scheduler.schedule();
  }

  /** The store has failed. */
  journalFailed(error: unknown): void {
    const { door } = this.#parts;
    // Another event may be in the middle of being recorded: hold this one back until subscribers were notified of
    // that.
    const release = door.hold();
    door.record(Code.journalFailed, undefined, 0, { error: errorData(error) });
    void runSoon(() => {
      release();
      this.#stopTaking(error);
    });
  }

  /**
   * Running tasks are finished, all others are cancelled. None of this is written, so the journal can be recovered as
   * if the process had died when it failed.
   */
  #stopTaking(error: unknown): void {
    const { door, delivery, sources, scheduler, cancelling, logger } = this.#parts;
    logger.error('the journal failed, so no more tasks are started:', error);
    delivery.failures.keep(door, error);
    this.#parts.lock();
    for (const group of door.state.groups) {
      sources.fail(group, error, false);
      cancelling.queued(group, error);
    }
    scheduler.schedule();
  }
}

/**
 * Rejects all waiting submissions, a part in each step, so that the memory of the rejections can be freed in between.
 * The journal keeps them as waiting.
 */
function* abandonWaiting(groups: Iterable<GroupRecord>, error: unknown): Generator<void> {
  for (const group of [...groups]) {
    if (!(group instanceof SubmissionGroup)) continue;
    const { submissions } = group;
    while (submissions.numWaiting > 0) {
      submissions.drop(PART, error);
      if (submissions.numWaiting > 0) yield;
    }
  }
}

/** Rejects the promise of a running submission. The later outcome of its task is dropped. */
function abandonSubmission(task: SubmittedTask, error: unknown): void {
  const { submission } = task;
  task.submission = undefined;
  submission?.cancel(error);
}
