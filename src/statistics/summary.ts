/** Summarizes statistics as plain figures. */

import type { Outcome, TimeoutKind } from '../events/events.ts';
import type { FailureCount } from './failures.ts';
import type { Histogram } from './histogram.ts';
import type { LiveTask } from './live-tasks.ts';
import type { PlaceCount } from './places.ts';
import type { RecentData } from './recent.ts';
import { type EarlierGroups, LIVE_STATES, type LiveState, type Row } from './row.ts';
import type { SlowTask } from './slowest.ts';
import type { Statistics } from './statistics.ts';

/** Durations in milliseconds; quantiles are accurate to 1.6 %. */
export interface TimeSummary {
  /** The number of durations. */
  readonly count: number;
  /** The average. */
  readonly mean: number;
  /** The median. */
  readonly p50: number;
  /** The 90th percentile. */
  readonly p90: number;
  /** The 95th percentile. */
  readonly p95: number;
  /** The 99th percentile. */
  readonly p99: number;
  /** The longest one. */
  readonly max: number;
  /** The sum of all. */
  readonly sum: number;
  /** The number of values up to each of {@link TIME_BOUNDS}. */
  readonly upTo: readonly number[];
}

/** The bounds of {@link TimeSummary.upTo}, in milliseconds: from 1 ms to an hour. */
export const TIME_BOUNDS: readonly number[] = [
  ...[1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000],
  ...[30_000, 60_000, 300_000, 900_000, 3_600_000],
];

/** The figures of a pool, a group or a function. */
export interface RowSummary {
  /** The name of the group or function; `total` for the whole pool. */
  readonly name: string;
  /** The number of tasks in each state. */
  readonly now: Readonly<Record<LiveState, number>>;
  /** The number of created tasks. */
  readonly created: number;
  /** The number of started attempts. */
  readonly started: number;
  /** The number of ended tasks, by outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** The number of failed attempts that were retried. */
  readonly retries: number;
  /** The number of timeouts, by kind. */
  readonly timeouts: Readonly<Record<TimeoutKind, number>>;
  /** How many times a process died while it was running a task. */
  readonly interruptions: number;
  /** The number of tasks ended per second, over the last ten seconds. */
  readonly throughput: number;
  /** From queueing to each start; `null` before the first one. */
  readonly waited: TimeSummary | null;
  /** The duration of attempts; `null` before the first one has ended. */
  readonly ran: TimeSummary | null;
}

/**
 * The figures of a group, together with earlier groups of the same name and function: they add up over the life of
 * the pool.
 */
export interface GroupSummary extends RowSummary {
  /** The name of its function. */
  readonly functionName: string;
  /** The share of earlier groups; `null` without any. */
  readonly earlier: EarlierGroups | null;
  /** The total number of tasks of the latest group; `null` if it is unknown. */
  readonly planned: number | null;
  /** Whether its source may yield further tasks. */
  readonly isOpen: boolean;
}

/** A long running task, or one that ignores that its signal was aborted. */
export interface LongTask {
  /** The id of the task in its pool. */
  readonly id: number;
  /** The name of its group. */
  readonly group: string;
  /** The index of the task in its group, from 0. */
  readonly index: number;
  /** The number of its current attempt, from 1. */
  readonly attempt: number;
  /** The start of that period: milliseconds since the epoch. */
  readonly since: number;
  /** Its length in milliseconds. */
  readonly for: number;
}

/** The statistics of a pool as plain JSON. */
export interface StatisticsSummary {
  /** The name of the pool. */
  readonly pool: string;
  /** The last counted event. */
  readonly seq: number;
  /** When that was recorded: milliseconds since the epoch. */
  readonly at: number;
  /** The first counted event: 0, unless the journal no longer held it. */
  readonly firstSeq: number;
  /** When that was recorded: milliseconds since the epoch. */
  readonly firstAt: number;
  /** The figures of the whole pool. */
  readonly total: RowSummary;
  /** In order of creation; at most as many as the limit. */
  readonly groups: readonly GroupSummary[];
  /** The sum and the number of groups without their own row. */
  readonly otherGroups: (RowSummary & { readonly groups: number }) | null;
  /** In order of creation; at most as many as the limit. */
  readonly functions: readonly RowSummary[];
  /** The sum and the number of functions without their own row. */
  readonly otherFunctions: (RowSummary & { readonly functions: number }) | null;
  /** By error name, the most frequent first. */
  readonly failures: readonly FailureCount[];
  /** The places of remote attempts: threads and workers. */
  readonly places: readonly PlaceCount[];
  /** The slowest ended tasks, slowest first. */
  readonly slowest: readonly SlowTask[];
  /** The longest running tasks, longest first, at most ten. */
  readonly longest: readonly LongTask[];
  /** The tasks that ignore that their signal was aborted, longest first, at most ten. */
  readonly stuck: readonly LongTask[];
  /** The last minute by seconds, oldest first. */
  readonly recent: RecentData;
}

/** The maximum number of listed long tasks. */
const LISTED = 10;

/**
 * Summarizes statistics.
 *
 * @param now the time of the summary: milliseconds since the epoch. Default: the time of the last event.
 */
export function summarize(statistics: Statistics, now: number = statistics.at): StatisticsSummary {
  const { pool, seq, at, firstSeq, firstAt, ledger, live } = statistics;
  const { groups } = ledger;
  const total = ledger.total();
  const functions = ledger.functions();
  const figures = (row: Row) => rowSummary(row, now, firstAt);
  return {
    pool,
    seq,
    at,
    firstSeq,
    firstAt,
    total: figures(total),
    groups: Array.from(groups, (row) => {
      const { functionName, earlier = null, planned = null, isOpen } = row;
      return { ...figures(row), functionName, earlier, planned, isOpen };
    }),
    otherGroups:
      groups.merged === 0 ? null : { ...figures(ledger.otherGroups()), groups: groups.merged },
    functions: functions.rows.map(figures),
    otherFunctions:
      functions.merged === 0 ? null : { ...figures(functions.others), functions: functions.merged },
    failures: [...statistics.failures.toJSON()].sort(
      (a, b) => b.rejected + b.retried - a.rejected - a.retried,
    ),
    places: statistics.places.toJSON(),
    slowest: statistics.slowest.toJSON(),
    longest: listed(live.running.first, (task) => task.startedAt, now),
    stuck: listed(live.unwinding.first, (task) => task.abortedAt, now),
    recent: total.recent.upTo(now),
  };
}

function rowSummary(row: Row, now: number, since: number): RowSummary {
  const { name, created, started, outcomes, retries, timeouts, interruptions } = row;
  return {
    name,
    now: Object.fromEntries(
      LIVE_STATES.map((state, place) => [state, row.now[place]]),
    ) as RowSummary['now'],
    created,
    started,
    outcomes: { ...outcomes },
    retries,
    timeouts: { ...timeouts },
    interruptions,
    throughput: row.recent.throughput(now, since),
    waited: timeSummary(row.waited),
    ran: timeSummary(row.ran),
  };
}

function timeSummary(times: Histogram): TimeSummary | null {
  const { count, sum, max } = times;
  if (count === 0) return null;
  const at = (share: number) => times.quantile(share) ?? 0;
  const quantiles = { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
  return { count, mean: sum / count, ...quantiles, max, sum, upTo: times.countsUpTo(TIME_BOUNDS) };
}

function listed(
  first: LiveTask | undefined,
  sinceOf: (task: LiveTask) => number,
  now: number,
): LongTask[] {
  const tasks: LongTask[] = [];
  for (let task = first; task !== undefined && tasks.length < LISTED; task = task.next) {
    const { id, index, attempt, group } = task;
    const since = sinceOf(task);
    tasks.push({ id, group, index, attempt, since, for: Math.max(0, now - since) });
  }
  return tasks;
}
