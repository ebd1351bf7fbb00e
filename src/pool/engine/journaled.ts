/** The pool, as its journal knows it: what it has to write, and what becomes of it if that fails. */

import { Code } from '../../events/event-codes.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import { runSoon, stepByStep } from '../../kit/jobs.ts';
import { whenAborted } from '../../kit/on-abort.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import type { Logger } from '../options.ts';
import type { JournaledPool } from '../persistence/journal.ts';
import type { Persister, Recording } from '../persistence/persister.ts';
import type { Delivery } from '../results/delivery.ts';
import type { Submissions } from '../submissions/submissions.ts';
import { errorData } from '../to-json.ts';
import type { Callbacks } from './callbacks.ts';
import type { Cancelling } from './cancelling.ts';
import type { Closing } from './closing.ts';
import type { Conditions } from './conditions.ts';
import type { Door } from './door.ts';
import type { Group, Task } from './live.ts';
import type { Scheduler } from './scheduler.ts';
import type { Sources } from './sources.ts';

/** The parts of a pool that are concerned. */
export interface JournaledParts {
  readonly door: Door;
  readonly delivery: Delivery;
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly cancelling: Cancelling;
  readonly conditions: Conditions;
  readonly callbacks: Callbacks;
  readonly closing: Closing;
  readonly submissions: Submissions;
  /** Refuses new calls. */
  lock(): void;
}

export class Journaled implements JournaledPool {
  readonly #parts: JournaledParts;
  readonly #logger: Logger;

  constructor(parts: JournaledParts, logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
  }

  get state(): PoolState<Task, Group> {
    return this.#parts.door.state;
  }

  get at(): number {
    return this.#parts.door.turn.at;
  }

  record(together: readonly Recording[]): void {
    const { door } = this.#parts;
    const [first, ...others] = together;
    if (first === undefined) return;
    if (others.length > 0) door.recordTogether(together);
    else door.record(first.code, first.subject, first.n, first.detail);
  }

  get history(): EventHistory {
    return this.#parts.door.journal;
  }

  get persister(): Persister | undefined {
    return this.#parts.door.persister;
  }

  set persister(persister: Persister | undefined) {
    this.#parts.door.persister = persister;
  }

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

  async abandon(error: unknown): Promise<void> {
    const { delivery, door, callbacks, cancelling, closing, submissions } = this.#parts;
    callbacks.areSilent = true;
    delivery.failures.keep(door, error);
    cancelling.tasks(door.state.tasks, error);
    await stepByStep(submissions.abandon(error));
    cancelling.all(error);
    void closing.begin();
  }

  schedule(): void {
    this.#parts.scheduler.schedule();
  }

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
    const { door, delivery, sources, scheduler, cancelling } = this.#parts;
    this.#logger.error('the journal failed, so no more tasks are started:', error);
    delivery.failures.keep(door, error);
    this.#parts.lock();
    for (const group of door.state.groups) {
      sources.fail(group, error, false);
      cancelling.tasks(group.waiting, error);
    }
    scheduler.schedule();
  }
}
