/** Suspends a pool: its journal ends at the point where another process is to continue. */

import { PoolSuspended } from '../../errors.ts';
import { Code } from '../../events/event-codes.ts';
import type { EventStore, Prune } from '../../journal/event-store.ts';
import type { Capture } from '../../machines/capture.ts';
import type { Persister } from '../door/persister.ts';
import type { SubmissionLog } from '../submissions/submission-log.ts';
import type { Journaled } from './journaled.ts';
import type { SuspendOptions } from './suspend-options.ts';

/** Replaces the writer: no tasks start, and after `seal()` nothing is written. */
class Suspension implements Persister {
  readonly writesLater = false;
  readonly isBehind = true;
  readonly suspension: PoolSuspended;
  readonly failure: { readonly cause: PoolSuspended };
  readonly #writer: Persister;
  #isOver = false;

  constructor(writer: Persister, error: PoolSuspended) {
    this.#writer = writer;
    this.suspension = error;
    this.failure = { cause: error };
  }

  seal(): void {
    this.#isOver = true;
    this.#writer.seal();
  }

  persist(...event: Parameters<Persister['persist']>): void {
    this.#writer.persist(...event);
  }

  persistTogether(...events: Parameters<Persister['persistTogether']>): void {
    this.#writer.persistTogether(...events);
  }

  stored(seq: number): Promise<void> {
    return this.#writer.stored(seq);
  }

  drained(): Promise<void> {
    return this.#writer.drained();
  }

  async checkpoint(capture: Capture, prune: Prune): Promise<void> {
    if (!this.#isOver) return this.#writer.checkpoint(capture, prune);
    capture.end();
    throw this.failure.cause;
  }

  async release(): Promise<void> {}
}

/** Ends the journal of a pool, see {@link PoolJournal.suspend}. */
export async function suspend(
  pool: Journaled,
  writer: Persister,
  store: EventStore,
  submissions: SubmissionLog,
  { grace = 0, signal, reason }: SuspendOptions,
): Promise<void> {
  const cause = reason === undefined ? undefined : { cause: reason };
  const message = `${pool} was suspended: its work continues where it is recovered`;
  const error = new PoolSuspended(message, cause);
  const suspension = new Suspension(writer, error);
  pool.persister = suspension;
  await pool.untilAtRest(grace, signal);
  await submissions.recorded();
  // A closing pool may have closed in the meantime.
  if (pool.state.status !== 'closed') {
    pool.record([{ code: Code.poolSuspended, subject: undefined, n: 0, detail: {} }]);
  }
  // Synchronously after the event: tasks that end from now on are run again.
  suspension.seal();
  const abandoned = pool.abandon(error);
  await writer.drained();
  await store.close();
  await abandoned;
  if (writer.failure !== undefined) throw writer.failure.cause;
}
