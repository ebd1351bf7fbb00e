/** Statistics of a pool: a projection of its events, of bounded size and constant cost per event. */

import type { PoolEvent, PoolEventOf } from '../events.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';
import type { Projection } from '../machines/projection.ts';
import { type FailureCount, Failures } from './failures.ts';
import { LiveTask, type LiveTaskData, LiveTasks, NEVER } from './live-tasks.ts';
import { LIVE_STATES, type Row, State } from './row.ts';
import { current, Rows, type RowsData } from './rows.ts';
import { Slowest, type SlowTask } from './slowest.ts';

/** How much statistics remember. */
export interface StatisticsLimits {
  /** How many groups have a row of their own; the oldest are counted together then. Default: 1,000. */
  readonly groups?: number;
  /** The same of functions. Default: 200. */
  readonly functions?: number;
  /** How many names of errors are counted apart. Default: 100. */
  readonly errors?: number;
}

const DEFAULT_LIMITS: Required<StatisticsLimits> = { groups: 1000, functions: 200, errors: 100 };

/** Statistics as plain JSON, from which they can be continued. */
export interface StatisticsData {
  readonly v: 1;
  readonly limits: Required<StatisticsLimits>;
  readonly pool: string;
  readonly seq: number;
  readonly at: number;
  readonly firstSeq: number;
  readonly firstAt: number;
  readonly groups: RowsData;
  readonly functions: RowsData;
  readonly failures: readonly FailureCount[];
  readonly slowest: readonly SlowTask[];
  readonly live: readonly LiveTaskData[];
}

export class Statistics {
  readonly limits: Required<StatisticsLimits>;
  /** The name of the pool. */
  pool = '';
  /** The last event that is counted; -1 before the first one. */
  seq = -1;
  /** When that was recorded: milliseconds since the epoch. */
  at = 0;
  /** The first event that is counted. */
  firstSeq = 0;
  firstAt = 0;
  readonly groups: Rows;
  readonly functions: Rows;
  readonly failures: Failures;
  readonly slowest: Slowest;
  readonly live = new LiveTasks();
  #isMerged = false;
  #hasBegun = false;

  constructor(
    limits: StatisticsLimits = {},
    parts: Partial<Pick<Statistics, 'groups' | 'functions' | 'failures' | 'slowest'>> = {},
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.groups = parts.groups ?? new Rows(this.limits.groups);
    this.functions = parts.functions ?? new Rows(this.limits.functions);
    this.failures = parts.failures ?? new Failures(this.limits.errors);
    this.slowest = parts.slowest ?? new Slowest();
  }

  /** Counts the next event. @throws TypeError if these are of several pools. */
  apply(event: PoolEvent): void {
    if (this.#isMerged) throw new TypeError('expected statistics of one pool, got merged ones');
    if (!this.#hasBegun) this.#begin(event);
    this.seq = event.seq;
    this.at = event.at;
    switch (event.type) {
      case 'task.ended':
        this.#end(event);
        break;
      case 'task.started':
        this.#start(event.id, event.at);
        break;
      case 'task.placed':
        this.live.place(event.id, event.at);
        break;
      case 'task.queued':
        this.#queue(event);
        break;
      case 'task.cancelling':
        this.#abort(event.id, event.at, State.cancelling);
        break;
      case 'task.cancelled':
        this.#moveTo(this.live.get(event.id), State.cancelled);
        break;
      case 'task.failed':
        this.#fail(event);
        break;
      case 'task.requeued':
        this.#requeue(event.id, event.at);
        break;
      case 'task.timedOut':
        this.#timeOut(event);
        break;
      case 'task.interrupted':
        this.#interrupt(event.id, event.at);
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

  /** Adds those of another pool. Counts of groups and functions of the same name are added up. */
  merge(other: Statistics): void {
    this.#isMerged = true;
    this.groups.merge(other.groups);
    this.functions.merge(other.functions);
    this.failures.merge(other.failures);
    this.slowest.merge(other.slowest);
    this.at = Math.max(this.at, other.at);
    this.firstAt = Math.min(this.firstAt || other.firstAt, other.firstAt || this.firstAt);
  }

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
      groups: this.groups.toJSON(),
      functions: this.functions.toJSON(),
      failures: this.failures.toJSON(),
      slowest: this.slowest.toJSON(),
      live: Array.from(this.live, liveData),
    };
  }

  /** Statistics that can be continued where the others were made data. */
  static fromJSON(data: StatisticsData): Statistics {
    const { limits, pool, seq, at, firstSeq, firstAt, live } = data;
    const statistics = new Statistics(limits, {
      groups: Rows.fromJSON(limits.groups, data.groups),
      functions: Rows.fromJSON(limits.functions, data.functions),
      failures: Failures.fromJSON(limits.errors, data.failures),
      slowest: Slowest.fromJSON(data.slowest),
    });
    Object.assign(statistics, { pool, seq, at, firstSeq, firstAt });
    statistics.#hasBegun = true;
    statistics.live.restore(live.map((task) => statistics.#restored(task)));
    return statistics;
  }

  /** Begins in the middle: states are known, and what was before is not counted. */
  beginAt(state: PoolCheckpoint): void {
    this.pool = state.name;
    this.seq = state.seq;
    this.firstSeq = state.seq + 1;
    const groups = new Map(state.groups.map(({ ordinal, fields }) => [ordinal, fields]));
    for (const { fields, source } of state.groups) {
      const row = this.groups.open(fields.group, fields.functionName);
      row.isOpen = source === 'open';
      row.planned = fields.planned;
      this.functions.open(fields.functionName, fields.functionName);
    }
    for (const task of state.tasks) {
      const fields = groups.get(task.group);
      if (task.state === 'ended' || fields === undefined) continue;
      const { group, functionName } = fields;
      const live = this.#add(task.id, task.index, group, functionName, task.queuedAt ?? 0);
      live.attempt = task.attempt;
      live.startedAt = task.placedAt ?? task.startedAt ?? NEVER;
      if (task.state !== 'running') this.#moveTo(live, LIVE_STATES.indexOf(task.state));
    }
    for (const id of state.running) this.#moveTo(this.live.get(id), State.running);
  }

  #begin({ pool, seq, at }: PoolEvent): void {
    this.pool = pool;
    this.firstSeq = seq;
    this.firstAt = at;
    this.#hasBegun = true;
  }

  #open({ group, functionName, planned }: PoolEventOf<'group.created'>): void {
    const row = this.groups.open(group, functionName);
    row.functionName = functionName;
    row.planned = planned;
    row.isOpen = true;
    this.functions.open(functionName, functionName);
  }

  #close(group: string): void {
    const row = this.groups.get(group);
    if (row !== undefined) row.isOpen = false;
  }

  #queue({ id, index, group, at }: PoolEventOf<'task.queued'>): void {
    const row = this.groups.get(group) ?? this.groups.others;
    const fn = this.functions.get(row.functionName) ?? this.functions.others;
    this.#enter(new LiveTask(id, index, row, fn, at));
    row.created++;
    fn.created++;
  }

  #add(id: number, index: number, group: string, functionName: string, at: number): LiveTask {
    const row = this.groups.get(group) ?? this.groups.others;
    const fn = this.functions.get(functionName) ?? this.functions.others;
    return this.#enter(new LiveTask(id, index, row, fn, at));
  }

  #enter(task: LiveTask): LiveTask {
    this.live.add(task);
    task.group.now[State.queued]!++;
    task.fn.now[State.queued]!++;
    return task;
  }

  #restored(data: LiveTaskData): LiveTask {
    const group = this.groups.get(data.group) ?? this.groups.others;
    const fn = this.functions.get(data.functionName) ?? this.functions.others;
    const task = new LiveTask(data.id, data.index, group, fn, data.queuedAt);
    const { state, attempt, startedAt, abortedAt } = data;
    return Object.assign(task, { state, attempt, startedAt, abortedAt });
  }

  #start(id: number, at: number): void {
    const task = this.live.get(id);
    if (task === undefined) return;
    this.#moveTo(task, State.running);
    task.startedAt = at;
    const waited = at > task.queuedAt ? at - task.queuedAt : 0;
    const group = current(task.group);
    const fn = current(task.fn);
    group.started++;
    fn.started++;
    group.waited.record(waited);
    fn.waited.record(waited);
  }

  #abort(id: number, at: number, state: number): void {
    const task = this.live.get(id);
    if (task === undefined) return;
    if (task.abortedAt === NEVER) task.abortedAt = at;
    this.#moveTo(task, state);
  }

  #timeOut({ id, at, which }: PoolEventOf<'task.timedOut'>): void {
    const task = this.live.get(id);
    if (task === undefined) return;
    current(task.group).timeouts[which]++;
    current(task.fn).timeouts[which]++;
    if (task.state === State.running) this.#abort(id, at, State.timedOut);
  }

  #fail({ id, at, error, ran }: PoolEventOf<'task.failed'>): void {
    const task = this.live.get(id);
    if (task === undefined) return;
    this.#endAttempt(task, ran ?? at - task.startedAt, at, false, true);
    current(task.group).retries++;
    current(task.fn).retries++;
    this.failures.count(error, at, placeOf(task), false);
    this.#moveTo(task, State.delayed);
    task.abortedAt = NEVER;
  }

  #requeue(id: number, at: number): void {
    const task = this.live.get(id);
    if (task === undefined) return;
    task.queuedAt = at;
    task.attempt++;
    this.#moveTo(task, State.queued);
  }

  #interrupt(id: number, at: number): void {
    const task = this.live.get(id);
    if (task === undefined) return;
    current(task.group).interruptions++;
    current(task.fn).interruptions++;
    task.startedAt = NEVER;
    task.abortedAt = NEVER;
    this.#requeue(id, at);
  }

  #end({ id, at, outcome, ran, error }: PoolEventOf<'task.ended'>): void {
    const task = this.live.get(id);
    if (task === undefined) return;
    const hasFailed = outcome === 'rejected';
    const time = ran ?? Math.max(0, at - task.startedAt);
    const hasRun = task.startedAt !== NEVER;
    this.#endAttempt(task, hasRun ? time : undefined, at, true, hasFailed);
    const group = current(task.group);
    const fn = current(task.fn);
    group.outcomes[outcome]++;
    fn.outcomes[outcome]++;
    group.now[task.state]!--;
    fn.now[task.state]!--;
    this.live.remove(task);
    if (hasFailed) this.failures.count(error, at, placeOf(task), true);
    if (hasRun && time > this.slowest.least) {
      this.slowest.add({ ...placeOf(task), ran: time, at, outcome });
    }
  }

  #endAttempt(
    task: LiveTask,
    ran: number | undefined,
    at: number,
    hasEnded: boolean,
    hasFailed: boolean,
  ): void {
    const group = current(task.group);
    const fn = current(task.fn);
    if (ran !== undefined) {
      group.ran.record(ran);
      fn.ran.record(ran);
    }
    group.recent.count(at, hasEnded, hasFailed);
    fn.recent.count(at, hasEnded, hasFailed);
    if (!hasEnded) task.startedAt = NEVER;
  }

  #moveTo(task: LiveTask | undefined, state: number): void {
    if (task === undefined || task.state === state) return;
    const group = current(task.group);
    const fn = current(task.fn);
    group.now[task.state]!--;
    fn.now[task.state]!--;
    group.now[state]!++;
    fn.now[state]!++;
    this.live.move(task, state);
  }
}

function placeOf({ id, index, group }: LiveTask) {
  return { id, group: group.name, index };
}

function liveData(task: LiveTask): LiveTaskData {
  const { id, index, state, attempt, queuedAt, startedAt, abortedAt } = task;
  const names = { group: nameOf(task.group), functionName: nameOf(task.fn) };
  return { id, index, ...names, state, attempt, queuedAt, startedAt, abortedAt };
}

/** Empty for one that is counted with the others: its tasks are found there again. */
function nameOf(row: Row): string {
  return row.into === undefined ? row.name : '';
}

/** Statistics as a projection: for `project`, over a running pool or a journal. */
export function statistics(limits: StatisticsLimits = {}): Projection<Statistics> {
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
