/** What is counted of the tasks of a group, or of a function. */

import type { Outcome, TimeoutKind } from '../events/events.ts';
import type { TaskState } from '../machines/charts.ts';
import { Histogram, type HistogramData } from './histogram.ts';
import { Recent, type RecentData } from './recent.ts';

/** The states of tasks that have not ended. */
export type LiveState = Exclude<TaskState, 'ended'>;

/** Their names by their places in {@link Row.now}. */
export const LIVE_STATES = [
  'queued',
  'running',
  'cancelling',
  'timedOut',
  'delayed',
  'cancelled',
] as const satisfies readonly LiveState[];

/** The place of a state in {@link Row.now}. */
export const State = {
  queued: 0,
  running: 1,
  cancelling: 2,
  timedOut: 3,
  delayed: 4,
  cancelled: 5,
} as const satisfies Record<LiveState, number>;

/** What groups have come to that had the name of a group before it. */
export interface EarlierGroups {
  /** How many there were. */
  readonly groups: number;
  readonly created: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

/** A row as plain JSON, from which it can be continued. */
export interface RowData {
  readonly functionName: string;
  readonly planned: number | null;
  readonly isOpen: boolean;
  /** Not there without them, and in data of earlier versions. */
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

/** The row that counts for one that may no longer be there by itself. */
export function current(row: Row): Row {
  let counting = row;
  while (counting.into !== undefined) counting = counting.into;
  return counting;
}

export class Row {
  readonly name: string;
  /** Of a group, the function that it runs. */
  functionName: string;
  /** How many tasks there will be, where the source of the group says so. */
  planned: number | undefined = undefined;
  /** Whether its source may give further tasks. */
  isOpen = false;
  /** What of it is that of groups that had the same name before; undefined without them. */
  earlier: EarlierGroups | undefined = undefined;
  /** How many tasks are in each state, see {@link LIVE_STATES}. */
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
  /** Of a function, how many groups that have a row run it. */
  numGroups = 0;
  /** The row that counts for this one, which is no longer there by itself. */
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

  /** How many of its tasks have not ended. */
  get live(): number {
    return this.now.reduce((sum, count) => sum + count, 0);
  }

  /** Whether nothing more is to be expected here. */
  get isOver(): boolean {
    return !this.isOpen && this.numGroups <= 0 && this.live === 0;
  }

  /** Another group of the same name begins: what follows is counted here, too. */
  beginNext(): void {
    const { created, outcomes, earlier } = this;
    this.earlier = { groups: (earlier?.groups ?? 0) + 1, created, outcomes: { ...outcomes } };
  }

  /** Adds what another row has counted. */
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
