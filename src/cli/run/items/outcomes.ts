/** Reports and counts the outcomes of tasks. */

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

/** Callbacks for events that concern the whole run. */
export interface OutcomeEvents {
  /** A task has ended. */
  readonly onEnded: () => void;
  /** Some items will never be started. */
  readonly onCutShort: (message: string) => void;
  /** The journal has failed. */
  readonly onJournalFailed: (message: string) => void;
}

type TaskEnded = PoolEvent & { readonly type: 'task.ended' };

export class Outcomes {
  /** Whether the journal accepts no more events. */
  isJournalOver = false;
  /** The number of retries. */
  numRetries = 0;
  readonly #parts: Parts;
  /** The index of the item of each open task. */
  readonly #indices: Map<number, number>;
  /** Unsubscribe from the pool. */
  #subscriptions: readonly (() => void)[] = [];
  #pool: TaskPool<PoolLimits> | undefined = undefined;
  /** The totals when the run came to rest. */
  #totals: PoolTotals | undefined = undefined;
  #numDelayed: number | undefined = undefined;
  /** The number of tasks that waited for a retry when the run stopped permanently. */
  #numGivenUp = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#indices = new Map(parts.earlier.open.map(({ id, index }) => [id, index]));
  }

  /** Records the item of a task. */
  begin(id: number, index: number): void {
    this.#indices.set(id, index);
  }

  watch(pool: TaskPool<PoolLimits>, events: OutcomeEvents): void {
    this.#pool = pool;
    const cutShort = (message: string) => this.isJournalOver || events.onCutShort(message);
    this.#subscriptions = [
      pool.on('task.queued', (event) => this.begin(event.id, itemOfTask(event).index)),
      pool.on('task.failed', ({ id }) => this.#onRetried(id)),
      pool.on('task.ended', (event) => {
        this.#onEnded(event);
        events.onEnded();
      }),
      pool.on('group.cancelled', () => void cutShort('the rest was cancelled')),
      pool.on('group.failed', ({ error }) => void cutShort(error.message)),
    ];
    pool.on('journal.failed', ({ error }) => {
      this.isJournalOver = true;
      events.onJournalFailed(error.message);
    });
  }

  /**
   * Freezes the counts: later outcomes are caused by the end of this process, and another process repeats those
   * tasks.
   */
  freeze(): void {
    this.#totals = this.#pool?.totals;
    this.#numDelayed ??= this.#pool?.numDelayed;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
  }

  /** The outcome counts; undefined while there is no pool. */
  get totals(): PoolTotals | undefined {
    const totals = this.#totals ?? this.#pool?.totals;
    if (totals === undefined || this.#numGivenUp === 0) return totals;
    return { ...totals, rejected: totals.rejected + this.#numGivenUp };
  }

  /** The number of failed tasks that wait for a retry. */
  get numDelayed(): number {
    return this.#numDelayed ?? this.#pool?.numDelayed ?? 0;
  }

  /** Reports failures whose retries are dropped because the run stops permanently. */
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
    // It is not cancelled in the journal, so that it runs when the run is resumed.
    if (this.isJournalOver && outcome === 'cancelled') return;
    const attempt = failures.take(id);
    if (attempt !== undefined) this.#report(attempt, outcome);
    else {
      printing.say(lineOf(outcome, item, error && errorOf(error)));
      // Later results must not wait for an item that never started.
      printing.order.skip(index);
    }
  }

  #report(attempt: ItemAttempt, outcome: 'rejected' | 'cancelled'): void {
    const { printing, log } = this.#parts;
    const { item, error } = attempt;
    const line = lineOf(outcome, item, error);
    if (!attempt.isPrinted) {
      const message = outcome === 'cancelled' ? CANCELLED : summaryOf(error);
      printing.putFailure(attempt, message, line);
    }
    log.add(attempt, { error });
    if (!attempt.isReported) printing.say(line);
  }
}

function lineOf(outcome: 'rejected' | 'cancelled', item: unknown, error: unknown): string {
  return outcome === 'cancelled' ? cancelledLine(item) : failedLine(item, error);
}

/** The error of a task that did not run, or not to its end. */
function errorOf({ name, message }: ErrorData): Error {
  return Object.assign(new Error(message), { name });
}
