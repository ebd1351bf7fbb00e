/** The counts of a group or a function. */

import type { Outcome, TimeoutKind } from '../events/events.ts';
import type { TaskState } from '../machines/charts.ts';
import { Histogram, type HistogramData } from './histogram.ts';
import { Recent, type RecentData } from './recent.ts';

/** The states of tasks that have not ended. */
export type LiveState = Exclude<TaskState, 'ended'>;

/** The states by their index in {@link Row.now}. */
export const LIVE_STATES = [
  'queued',
  'running',
  'cancelling',
  'timedOut',
  'delayed',
  'cancelled',
] as const satisfies readonly LiveState[];

/** The index of each state in {@link Row.now}. */
export const State = {
  queued: 0,
  running: 1,
  cancelling: 2,
  timedOut: 3,
  delayed: 4,
  cancelled: 5,
} as const satisfies Record<LiveState, number>;

/** The counts of earlier groups with the same name. */
export interface EarlierGroups {
  /** The number of earlier groups. */
  readonly groups: number;
  readonly created: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

/** A row as plain JSON, from which counting can continue. */
export interface RowData {
  readonly functionName: string;
  readonly planned: number | null;
  readonly isOpen: boolean;
  /** Missing without earlier groups, and in data of earlier versions. */
  readonly earlier?: EarlierGroups;
  /** By {@link LIVE_STATES}. */
  readonly now: readonly number[];
  readonly created: number;
  readonly started: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly retries: number;
  readonly timeouts: Readonly<Record<TimeoutKind, number>>;
  readonly interruptions: number;
  readonly waited: HistogramData;
  readonly ran: HistogramData;
  readonly recent: RecentData;
}

/** The row that counts for a row, which may have been merged. */
export function current(row: Row): Row {
  let counting = row;
  while (counting.into !== undefined) counting = counting.into;
  return counting;
}

export class Row {
  readonly name: string;
  /** For a group, its function. */
  functionName: string;
  /** The total number of tasks, if the source of the group knows it. */
  planned: number | undefined = undefined;
  /** Whether its source may yield further tasks. */
  isOpen = false;
  /** The share of earlier groups with the same name; undefined without any. */
  earlier: EarlierGroups | undefined = undefined;
  /** The number of tasks in each state, see {@link LIVE_STATES}. */
  readonly now = [0, 0, 0, 0, 0, 0];
  created = 0;
  started = 0;
  readonly outcomes = { fulfilled: 0, rejected: 0, cancelled: 0 };
  retries = 0;
  readonly timeouts = { timeout: 0, waitTimeout: 0, deadline: 0 };
  interruptions = 0;
  /** Milliseconds from queueing, or queueing again, to each start. */
  readonly waited: Histogram;
  /** Milliseconds of each attempt. */
  readonly ran: Histogram;
  readonly recent: Recent;
  /** For a function, the number of groups with a row that run it. */
  numGroups = 0;
  /** The row into which this one was merged. */
  into: Row | undefined = undefined;

  constructor(
    name: string,
    functionName: string,
    waited = new Histogram(),
    ran = new Histogram(),
    recent = new Recent(),
  ) {
    this.name = name;
    this.functionName = functionName;
    this.waited = waited;
    this.ran = ran;
    this.recent = recent;
  }

  /** The number of its tasks that have not ended. */
  get live(): number {
    return this.now.reduce((sum, count) => sum + count, 0);
  }

  /** Whether nothing more can be counted here. */
  get isOver(): boolean {
    return !this.isOpen && this.numGroups <= 0 && this.live === 0;
  }

  /** Another group of the same name begins: it is counted here too. */
  beginNext(): void {
    const { created, outcomes, earlier } = this;
    this.earlier = { groups: (earlier?.groups ?? 0) + 1, created, outcomes: { ...outcomes } };
  }

  /** Adds the counts of another row. */
  merge(other: Row): void {
    for (const [place, count] of other.now.entries()) this.now[place]! += count;
    if (other.earlier !== undefined) this.earlier = addedUp(this.earlier, other.earlier);
    this.created += other.created;
    this.started += other.started;
    for (const key of ['fulfilled', 'rejected', 'cancelled'] as const) {
      this.outcomes[key] += other.outcomes[key];
    }
    this.retries += other.retries;
    for (const key of ['timeout', 'waitTimeout', 'deadline'] as const) {
      this.timeouts[key] += other.timeouts[key];
    }
    this.interruptions += other.interruptions;
    this.waited.merge(other.waited);
    this.ran.merge(other.ran);
    this.recent.merge(other.recent);
  }

  toJSON(): RowData {
    return {
      functionName: this.functionName,
      planned: this.planned ?? null,
      isOpen: this.isOpen,
      ...(this.earlier === undefined ? {} : { earlier: this.earlier }),
      now: [...this.now],
      created: this.created,
      started: this.started,
      outcomes: { ...this.outcomes },
      retries: this.retries,
      timeouts: { ...this.timeouts },
      interruptions: this.interruptions,
      waited: this.waited.toJSON(),
      ran: this.ran.toJSON(),
      recent: this.recent.toJSON(),
    };
  }

  static fromJSON(name: string, data: RowData): Row {
    const { functionName, planned, isOpen, now, created, started, retries, interruptions } = data;
    const row = new Row(
      name,
      functionName,
      Histogram.fromJSON(data.waited),
      Histogram.fromJSON(data.ran),
      Recent.fromJSON(data.recent),
    );
    Object.assign(row.now, now);
    Object.assign(row.outcomes, data.outcomes);
    Object.assign(row.timeouts, data.timeouts);
    return Object.assign(row, {
      planned: planned ?? undefined,
      earlier: data.earlier,
      isOpen,
      created,
      started,
      retries,
      interruptions,
    });
  }
}

function addedUp(one: EarlierGroups | undefined, other: EarlierGroups): EarlierGroups {
  if (one === undefined) return other;
  const { fulfilled, rejected, cancelled } = one.outcomes;
  return {
    groups: one.groups + other.groups,
    created: one.created + other.created,
    outcomes: {
      fulfilled: fulfilled + other.outcomes.fulfilled,
      rejected: rejected + other.outcomes.rejected,
      cancelled: cancelled + other.outcomes.cancelled,
    },
  };
}
