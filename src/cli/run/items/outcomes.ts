/** What becomes of the tasks of a run: what failed is reported, and everything is counted. */

import type { ErrorData, PoolEvent, PoolLimits, PoolTotals, TaskPool } from '../../../index.ts';
import { itemOfTask } from '../../journal/item-tasks.ts';
import type { Items } from '../input/items.ts';
import type { EarlierRun } from '../journal/earlier-run.ts';
import { cancelledLine, failedLine, summaryOf } from '../output/messages.ts';
import type { Printing } from '../output/printing.ts';
import type { RunLog } from '../output/run-log.ts';
import { CANCELLED } from '../output/stored-result.ts';
import type { Failures } from './failures.ts';
import type { ItemAttempt } from './item-attempt.ts';
import type { Retrying } from './retrying.ts';

interface Parts {
  readonly earlier: EarlierRun;
  readonly items: Items;
  readonly retrying: Retrying;
  readonly failures: Failures;
  readonly printing: Printing;
  readonly log: RunLog;
}

/** What concerns the run as a whole. */
export interface OutcomeEvents {
  /** A task has ended. */
  readonly onEnded: () => void;
  /** There are items that will never be begun, neither now nor later. */
  readonly onCutShort: (message: string) => void;
  /** The journal takes nothing more. */
  readonly onJournalFailed: (message: string) => void;
}

type TaskEnded = PoolEvent & { readonly type: 'task.ended' };

export class Outcomes {
  /** Whether the journal takes nothing more. */
  isJournalOver = false;
  /** How often an item was tried again. */
  numRetries = 0;
  readonly #parts: Parts;
  /** The indices of the items of tasks that have not ended. */
  readonly #indices: Map<number, number>;
  readonly #watching = new AbortController();
  #pool: TaskPool<PoolLimits> | undefined = undefined;
  /** What they were when nothing ran any more. */
  #totals: PoolTotals | undefined = undefined;
  #numDelayed: number | undefined = undefined;
  /** Tasks that waited to be tried again when the run stopped for good. */
  #numGivenUp = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#indices = new Map(parts.earlier.open.map(({ id, index }) => [id, index]));
  }

  /** A task begins. */
  begin(id: number, index: number): void {
    this.#indices.set(id, index);
  }

  watch(pool: TaskPool<PoolLimits>, events: OutcomeEvents): void {
    const { signal } = this.#watching;
    this.#pool = pool;
    pool.on('task.queued', (event) => this.begin(event.id, itemOfTask(event).index), { signal });
    pool.on('task.failed', ({ id }) => this.#onRetried(id), { signal });
    pool.on(
      'task.ended',
      (event) => {
        this.#onEnded(event);
        events.onEnded();
      },
      { signal },
    );
    const cutShort = (message: string) => this.isJournalOver || events.onCutShort(message);
    pool.on('group.cancelled', () => void cutShort('the rest was cancelled'), { signal });
    pool.on('group.failed', ({ error }) => void cutShort(error.message), { signal });
    pool.on('journal.failed', ({ error }) => {
      this.isJournalOver = true;
      events.onJournalFailed(error.message);
    });
  }

  /** What tasks come to from now on is due to the end of this process: another one runs them again. */
  freeze(): void {
    this.#totals = this.#pool?.totals;
    this.#numDelayed ??= this.#pool?.numDelayed;
    this.#watching.abort();
  }

  /** How tasks came out; undefined while there is no pool. */
  get totals(): PoolTotals | undefined {
    const totals = this.#totals ?? this.#pool?.totals;
    if (totals === undefined || this.#numGivenUp === 0) return totals;
    return { ...totals, rejected: totals.rejected + this.#numGivenUp };
  }

  /** How many tasks have failed and wait to be tried again. */
  get numDelayed(): number {
    return this.#numDelayed ?? this.#pool?.numDelayed ?? 0;
  }

  /** Reports what has failed and will not be tried again, since the run stops for good. */
  giveUpRetries(): void {
    const attempts = this.#parts.failures.takeDelayed();
    this.#numGivenUp = attempts.length;
    this.#numDelayed = 0;
    for (const attempt of attempts) this.#report(attempt, 'rejected');
  }

  #onRetried(id: number): void {
    this.numRetries++;
    this.#parts.retrying.note(id);
  }

  #onEnded({ id, outcome, error }: TaskEnded): void {
    const { failures, items, printing, retrying } = this.#parts;
    const index = this.#indices.get(id);
    this.#indices.delete(id);
    retrying.forget(id);
    if (outcome === 'fulfilled' || index === undefined) return;
    const item = items.take(index);
    // It is not cancelled in the journal, so that it is run when the run is resumed.
    if (this.isJournalOver && outcome === 'cancelled') return;
    const attempt = failures.take(id);
    if (attempt !== undefined) this.#report(attempt, outcome);
    else {
      // One that was never begun is not to be waited for.
      printing.order.skip(index);
      printing.say(lineOf(outcome, item, error && errorOf(error)));
    }
  }

  #report(attempt: ItemAttempt, outcome: 'rejected' | 'cancelled'): void {
    const { printing, log } = this.#parts;
    const { item, error, isPrinted } = attempt;
    if (!isPrinted)
      printing.putFailure(attempt, outcome === 'cancelled' ? CANCELLED : summaryOf(error));
    log.add(attempt, { error });
    printing.say(lineOf(outcome, item, error));
  }
}

function lineOf(outcome: 'rejected' | 'cancelled', item: unknown, error: unknown): string {
  return outcome === 'cancelled' ? cancelledLine(item) : failedLine(item, error);
}

/** What a task failed with that was not run, or not to its end. */
function errorOf({ name, message }: ErrorData): Error {
  return Object.assign(new Error(message), { name });
}
