/** The complete state of a pool after an event, computed by the fold of the library. */

import type { PoolCheckpoint, PoolEvent } from '../../../index.ts';
import { Fold, PLAIN_RECORDS } from '../../../journal/fold.ts';
import { TASK_STATES } from '../../../machines/charts.ts';
import type { PoolState } from '../../../machines/pool-state.ts';
import type { GroupRecord, TaskRecord } from '../../../machines/records.ts';
import type { Reel } from './reel.ts';

/** The counts of a snapshot, and the number of tasks by state. */
export interface StateCounts {
  readonly seq: number;
  readonly numRunning: number;
  readonly numQueued: number;
  readonly numDelayed: number;
  readonly numCancelled: number;
  readonly numEnded: number;
  /** All pending items: queued, delayed, and items without a task; without submissions. */
  readonly numPending: number;
  readonly created: number;
  readonly started: number;
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** By state: `running`, `cancelling`, `timedOut`. */
  readonly states: Readonly<Record<string, number>>;
}

export class Moment {
  /** The events before this moment, and their drawing data. */
  reel: Reel;
  /** Whether earlier events are being loaded. */
  isExtending = false;
  /** When the last event was recorded: milliseconds since the epoch. */
  at: number;
  readonly #fold: Fold<TaskRecord, GroupRecord>;
  /** The number of ended tasks that the pool remembers but that were not loaded. */
  #omitted: number;

  constructor(from: PoolCheckpoint, omitted: number, at: number, reel: Reel) {
    this.#fold = new Fold(PLAIN_RECORDS, from);
    this.#omitted = omitted;
    this.at = at;
    this.reel = reel;
  }

  get state(): PoolState {
    return this.#fold.state as PoolState;
  }

  get seq(): number {
    return this.state.seq;
  }

  /** The number of ended tasks that the pool remembers but that are not in `state.tasks`. */
  get omitted(): number {
    return this.#omitted;
  }

  /** @throws StoreGap, IllegalTransition */
  apply(event: PoolEvent): void {
    const before = this.state.numEnded;
    this.#fold.apply(event);
    this.at = event.at;
    if (this.#omitted === 0) return;
    const { retain, numEnded } = this.state;
    // The pool forgets the oldest tasks first, which were not loaded.
    if (event.type === 'pool.flushed' || event.type === 'pool.closed') this.#omitted = 0;
    else if (typeof retain === 'number' && numEnded > before) {
      this.#omitted = Math.max(0, Math.min(this.#omitted, retain - numEnded));
    }
  }

  counts(): StateCounts {
    const { state } = this;
    const { totals } = state;
    return {
      seq: state.seq,
      numRunning: state.numRunning,
      numQueued: state.numQueued,
      numDelayed: state.numDelayed,
      numCancelled: state.numCancelled,
      numEnded: state.numEnded + this.#omitted,
      numPending: numPendingOf(state),
      ...totals,
      states: Object.fromEntries(TASK_STATES.map((name, code) => [name, state.numIn(code)])),
    };
  }
}

/** The number of pending tasks and items of groups. */
export function numPendingOf({ numQueued, numDelayed, numUnmade }: PoolState): number {
  return numQueued + numDelayed + numUnmade;
}

export function stateNameOf({ state }: TaskRecord): string {
  return TASK_STATES[state] as string;
}

/** The running tasks, for a reel that begins later. */
export function* runningTasks(state: PoolState): Generator<{
  readonly id: number;
  readonly group: string;
  readonly attempt: number;
  readonly startedAt: number;
}> {
  for (const { id, group, attempt, startedAt } of state.running.toArray()) {
    if (startedAt !== undefined) yield { id, group: group.name, attempt, startedAt };
  }
}
