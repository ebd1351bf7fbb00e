/** The statistics of a pool: a projection of its events with bounded size and constant cost per event. */

import type { PoolEvent, PoolEventOf } from '../events/events.ts';
import { checkLimit } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';
import type { Projection } from '../machines/projection.ts';
import { type FailureCount, Failures } from './failures.ts';
import { Ledger, type LedgerData } from './ledger.ts';
import { type LiveTaskData, LiveTasks, NEVER } from './live-tasks.ts';
import { type PlaceCount, Places } from './places.ts';
import { LIVE_STATES, State } from './row.ts';
import { Slowest, type SlowTask } from './slowest.ts';
import { TaskCounts } from './task-counts.ts';

/** The limits of what statistics remember, each an integer or `Infinity`. */
export interface StatisticsLimits {
  /** The number of groups with their own row; the oldest are merged. Default: 1,000. */
  readonly groups?: number;
  /** The number of functions with their own row. Default: 200. */
  readonly functions?: number;
  /** The number of error names counted separately. Default: 100. */
  readonly errors?: number;
  /** The number of places (threads and workers) counted separately. Default: 100. */
  readonly places?: number;
}

const DEFAULT_LIMITS: Required<StatisticsLimits> = {
  groups: 1000,
  functions: 200,
  errors: 100,
  places: 100,
};

const statisticsLimits = new OptionBag<StatisticsLimits>({
  groups: [checkLimit],
  functions: [checkLimit],
  errors: [checkLimit],
  places: [checkLimit],
});

/** Statistics as plain JSON, from which counting can continue: the properties of {@link Statistics}. */
export interface StatisticsData extends LedgerData {
  /** The version of the format. */
  readonly v: 1;
  readonly limits: Required<StatisticsLimits>;
  readonly pool: string;
  readonly seq: number;
  readonly at: number;
  readonly firstSeq: number;
  readonly firstAt: number;
  readonly failures: readonly FailureCount[];
  readonly slowest: readonly SlowTask[];
  /** Missing in data of earlier versions. */
  readonly places?: readonly PlaceCount[];
  readonly live: readonly LiveTaskData[];
}

/** The statistics of a pool. `summarize()` returns its figures. */
export class Statistics {
  /** The limits, with their defaults. */
  readonly limits: Required<StatisticsLimits>;
  /** The name of the pool. */
  pool = '';
  /** The last counted event; -1 before the first one. */
  seq = -1;
  /** When that was recorded: milliseconds since the epoch. */
  at = 0;
  /** The first counted event. */
  firstSeq = 0;
  /** When that was recorded: milliseconds since the epoch. */
  firstAt = 0;
  /** The counts by group and function. */
  readonly ledger: Ledger;
  /** The failures by error name. */
  readonly failures: Failures;
  /** The slowest ended tasks. */
  readonly slowest: Slowest;
  /** Remote attempts by place. */
  readonly places: Places;
  /** The tasks that have not ended. */
  readonly live = new LiveTasks();
  readonly #tasks: TaskCounts;
  #isMerged = false;
  #hasBegun = false;

  constructor(
    limits: StatisticsLimits = {},
    parts: Partial<Pick<Statistics, 'ledger' | 'failures' | 'slowest' | 'places'>> = {},
  ) {
    statisticsLimits.check('statistics()', limits);
    this.limits = statisticsLimits.fill(limits, DEFAULT_LIMITS);
    this.ledger = parts.ledger ?? new Ledger(this.limits);
    this.failures = parts.failures ?? new Failures(this.limits.errors);
    this.slowest = parts.slowest ?? new Slowest();
    this.places = parts.places ?? new Places(this.limits.places);
    this.#tasks = new TaskCounts(this);
  }

  /** Counts the next event. @throws TypeError if these are merged statistics of several pools. */
  apply(event: PoolEvent): void {
    if (!this.#hasBegun) this.#begin(event);
    // Each type of event has its own shape: reading fields in a monomorphic branch takes a third of the time.
    switch (event.type) {
      case 'task.queued':
        this.seq = event.seq;
        this.at = event.at;
        this.#tasks.queue(event);
        break;
      case 'task.started':
        this.seq = event.seq;
        this.at = event.at;
        this.#tasks.start(event);
        break;
      case 'task.ended':
        this.seq = event.seq;
        this.at = event.at;
        this.#tasks.end(event);
        break;
      default:
        this.#applySeldom(event);
    }
  }

  #applySeldom(event: PoolEvent): void {
    const { at } = event;
    this.seq = event.seq;
    this.at = at;
    switch (event.type) {
      case 'task.placed':
        this.#tasks.place(event);
        break;
      case 'task.cancelling':
        this.#tasks.cancel(event.id, at);
        break;
      case 'task.cancelled':
        this.#tasks.moveTo(this.live.get(event.id), State.cancelled);
        break;
      case 'task.failed':
        this.#tasks.fail(event);
        break;
      case 'task.requeued':
        this.#tasks.requeue(event.id, at);
        break;
      case 'task.timedOut':
        this.#tasks.timeOut(event);
        break;
      case 'task.interrupted':
        this.#tasks.interrupt(event.id, at);
        break;
      case 'group.created':
        this.#open(event);
        break;
      case 'group.exhausted':
      case 'group.failed':
      case 'group.cancelled':
        this.#close(event.group);
        break;
    }
  }

  /**
   * Adds the statistics of another pool. Groups and functions of the same name are added up; a group with the name of
   * one with another function is counted with those that have no row.
   */
  merge(other: Statistics): void {
    this.#isMerged = true;
    this.#hasBegun = false;
    this.ledger.merge(other.ledger);
    this.failures.merge(other.failures);
    this.slowest.merge(other.slowest);
    this.places.merge(other.places);
    this.at = Math.max(this.at, other.at);
    this.firstAt = Math.min(this.firstAt || other.firstAt, other.firstAt || this.firstAt);
  }

  /** The statistics as plain JSON, from which `fromJSON()` restores them. */
  toJSON(): StatisticsData {
    const { limits, pool, seq, at, firstSeq, firstAt } = this;
    return {
      v: 1,
      limits,
      pool,
      seq,
      at,
      firstSeq,
      firstAt,
      ...this.ledger.toJSON(),
      failures: this.failures.toJSON(),
      slowest: this.slowest.toJSON(),
      places: this.places.toJSON(),
      live: this.#tasks.toJSON(),
    };
  }

  /** Restores statistics, from which counting can continue. */
  static fromJSON(data: StatisticsData): Statistics {
    const { limits, pool, seq, at, firstSeq, firstAt } = data;
    const statistics = new Statistics(limits, {
      ledger: new Ledger(limits, data),
      failures: Failures.fromJSON(limits.errors, data.failures),
      slowest: Slowest.fromJSON(data.slowest),
      places: new Places(limits.places ?? DEFAULT_LIMITS.places, data.places),
    });
    Object.assign(statistics, { pool, seq, at, firstSeq, firstAt });
    statistics.#hasBegun = true;
    statistics.#tasks.restore(data.live);
    return statistics;
  }

  /** Begins at a checkpoint: its states are known, but earlier events are not counted. */
  beginAt(state: PoolCheckpoint): void {
    this.pool = state.name;
    this.seq = state.seq;
    this.firstSeq = state.seq + 1;
    const groups = new Map(state.groups.map(({ ordinal, fields }) => [ordinal, fields.group]));
    for (const { fields, source } of state.groups) {
      const row = this.ledger.open(fields.group, fields.functionName);
      row.isOpen = source === 'open';
      row.planned = fields.planned;
    }
    for (const task of state.tasks) {
      const group = groups.get(task.group);
      if (task.state === 'ended' || group === undefined) continue;
      const live = this.#tasks.add(task.id, task.index, group, task.queuedAt ?? 0);
      live.attempt = task.attempt;
      live.startedAt = task.placedAt ?? task.startedAt ?? NEVER;
      if (task.state !== 'running') this.#tasks.moveTo(live, LIVE_STATES.indexOf(task.state));
    }
    for (const id of state.running) this.#tasks.moveTo(this.live.get(id), State.running);
  }

  #begin({ pool, seq, at }: PoolEvent): void {
    if (this.#isMerged) throw new TypeError('expected statistics of one pool, got merged ones');
    this.pool = pool;
    this.firstSeq = seq;
    this.firstAt = at;
    this.#hasBegun = true;
  }

  #open({ group, functionName, planned }: PoolEventOf<'group.created'>): void {
    const row = this.ledger.open(group, functionName);
    row.planned = planned;
    row.isOpen = true;
  }

  #close(group: string): void {
    const row = this.ledger.groups.get(group);
    if (row !== undefined) row.isOpen = false;
  }
}

/**
 * Statistics as a projection for `project`, over a running pool or a journal.
 *
 * @throws TypeError, RangeError for invalid limits.
 */
export function statistics(limits: StatisticsLimits = {}): Projection<Statistics> {
  statisticsLimits.check('statistics()', limits);
  return {
    initial(from) {
      const state = new Statistics(limits);
      if (from !== undefined) state.beginAt(from);
      return state;
    },
    apply(state, event) {
      state.apply(event);
      return state;
    },
  };
}
