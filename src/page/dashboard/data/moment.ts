/** The whole state of a pool after one event, made by the fold of the library. */

import type { PoolCheckpoint, PoolEvent } from '../../../index.ts';
import { Fold, PLAIN_RECORDS } from '../../../journal/fold.ts';
import { TASK_STATES } from '../../../machines/charts.ts';
import type { PoolState } from '../../../machines/pool-state.ts';
import type { GroupRecord, TaskRecord } from '../../../machines/records.ts';
import type { Reel } from './reel.ts';

/** The numbers of a snapshot, and how many tasks are in each state. */
export interface Counts {
  readonly seq: number;
  readonly numRunning: number;
  readonly numQueued: number;
  readonly numDelayed: number;
  readonly numCancelled: number;
  readonly numEnded: number;
  /** All that is known to wait: queued, delayed, and items of which no task was made; no submissions. */
  readonly numPending: number;
  readonly created: number;
  readonly started: number;
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** By the names of states: `running`, `cancelling`, `timedOut`. */
  readonly states: Readonly<Record<string, number>>;
}

export class Moment {
  /** The events before it, and what is drawn of them. */
  reel: Reel;
  /** Whether earlier events are on their way. */
  isExtending = false;
  /** When the last event was: milliseconds since the epoch. */
  at: number;
  readonly #fold: Fold<TaskRecord, GroupRecord>;
  /** How many tasks that have ended are remembered by the pool, and not here. */
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

  /** How many tasks that have ended are remembered by the pool, and not in `state.tasks`. */
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
    // What the pool forgets first was left out here.
    if (event.type === 'pool.flushed' || event.type === 'pool.closed') this.#omitted = 0;
    else if (typeof retain === 'number' && numEnded > before) {
      this.#omitted = Math.max(0, Math.min(this.#omitted, retain - numEnded));
    }
  }

  counts(): Counts {
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

/** What is known to wait of tasks and of items of groups. */
export function numPendingOf({ numQueued, numDelayed, numUnmade }: PoolState): number {
  return numQueued + numDelayed + numUnmade;
}

export function stateNameOf({ state }: TaskRecord): string {
  return TASK_STATES[state] as string;
}

/** Tasks that run, for a reel that begins later. */
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
