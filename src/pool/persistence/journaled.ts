/** The interface of a journal to its pool: what is to be written, and what happens when writing fails. */

import { Code } from '../../events/event-codes.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import { runSoon, stepByStep } from '../../kit/jobs.ts';
import { whenAborted } from '../../kit/on-abort.ts';
import { ENDED } from '../../machines/charts.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import { errorData } from '../../machines/to-json.ts';
import type { Persister, Recording } from '../door/persister.ts';
import { SubmittedTask } from '../submissions/submission-group.ts';
import type { JournaledPool } from './journal.ts';

export class Journaled {
  readonly #parts: JournaledPool;

  constructor(parts: JournaledPool) {
    this.#parts = parts;
  }

  get state(): PoolState {
    return this.#parts.door.state;
  }

  /** The time: milliseconds since the epoch. */
  get at(): number {
    return this.#parts.door.turn.at;
  }

  /** Records events that happen together. */
  record(together: readonly Recording[]): void {
    const { door } = this.#parts;
    const [first, ...others] = together;
    if (first === undefined) return;
    if (others.length > 0) door.recordTogether(together);
    else door.record(first.code, first.subject, first.n, first.detail);
  }

  /** Its events in memory. */
  get history(): EventHistory {
    return this.#parts.door.journal;
  }

  /** Where events are written. */
  get persister(): Persister | undefined {
    return this.#parts.door.persister;
  }

  set persister(persister: Persister | undefined) {
    this.#parts.door.persister = persister;
  }

  /** Resolves when no function and no callback runs, or after this many milliseconds, or with the signal. */
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
   * Cancels everything with an error, calls no one back for it, and closes. Those who wait get it at once: a
   * function may ignore that it is aborted.
   */
  async abandon(error: unknown): Promise<void> {
    const { delivery, door, callbacks, cancelling, closing, submissions, conditions } = this.#parts;
    const { groups, cancelled, tasks } = door.state;
    callbacks.areSilent = true;
    delivery.failures.keep(door, error);
    cancelling.tasks(tasks, error);
    const sinks = [...groups, ...cancelled].map(({ sink }) => sink);
    await stepByStep(submissions.abandon(error));
    cancelling.all(error);
    for (const sink of sinks) {
      sink?.fail(error);
      sink?.finish();
    }
    for (const task of tasks) {
      if (task.state === ENDED) continue;
      task.asked?.settle(task, error);
      task.asked = undefined;
      if (task instanceof SubmittedTask) abandonSubmission(task, error);
    }
    closing.begin();
    conditions.poke();
  }

  /** More tasks may start: something was written. */
  schedule(): void {
    this.#parts.scheduler.schedule();
  }

  /** The store has failed. */
  journalFailed(error: unknown): void {
    const { door } = this.#parts;
    // It may be another event that is being recorded: subscribers are notified of that one later.
    const release = door.hold();
    door.record(Code.journalFailed, undefined, 0, { error: errorData(error) });
    void runSoon(() => {
      release();
      this.#stopTaking(error);
    });
  }

  /**
   * What runs is finished, and nothing else is. None of it is written: what the journal holds can be
   * recovered as if the process had died when the journal failed.
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

/** Rejects the promise of a submission that runs. What its task ends with later is nobody's. */
function abandonSubmission(task: SubmittedTask, error: unknown): void {
  const { submission } = task;
  task.submission = undefined;
  submission?.cancel(error);
}
