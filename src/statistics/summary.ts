/** What statistics say, as figures to look at. */

import type { Outcome, TimeoutKind } from '../events/events.ts';
import type { FailureCount } from './failures.ts';
import type { Histogram } from './histogram.ts';
import type { LiveTask } from './live-tasks.ts';
import type { PlaceCount } from './places.ts';
import type { RecentData } from './recent.ts';
import { type EarlierGroups, LIVE_STATES, type LiveState, type Row } from './row.ts';
import type { SlowTask } from './slowest.ts';
import type { Statistics } from './statistics.ts';

/** How long something took, in milliseconds; quantiles are within 1.6 %. */
export interface TimeSummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly sum: number;
  /** How many took at most each of {@link TIME_BOUNDS}. */
  readonly upTo: readonly number[];
}

/** The bounds of {@link TimeSummary.upTo}, in milliseconds: from 1 ms to an hour. */
export const TIME_BOUNDS: readonly number[] = [
  ...[1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000],
  ...[30_000, 60_000, 300_000, 900_000, 3_600_000],
];

/** The figures of a pool, a group or a function. */
export interface RowSummary {
  readonly name: string;
  /** How many of the tasks are in each state. */
  readonly now: Readonly<Record<LiveState, number>>;
  readonly created: number;
  /** How many attempts have started. */
  readonly started: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Failed attempts that were followed by another one. */
  readonly retries: number;
  /** How often a limit in time was reached, by which. */
  readonly timeouts: Readonly<Record<TimeoutKind, number>>;
  /** How often a process died while it ran a task. */
  readonly interruptions: number;
  /** Tasks that ended per second, over the last ten seconds. */
  readonly throughput: number;
  /** From queueing to each start; `null` before the first one. */
  readonly waited: TimeSummary | null;
  /** Of each attempt; `null` before the first one has ended. */
  readonly ran: TimeSummary | null;
}

/**
 * The figures of a group, and of those before it that had the same name and function: they add up, as long as
 * there is the pool.
 */
export interface GroupSummary extends RowSummary {
  readonly functionName: string;
  /** What of it is that of the groups before; `null` without them. */
  readonly earlier: EarlierGroups | null;
  /** How many tasks there will be, of the latest group; `null` where no one knows. */
  readonly planned: number | null;
  /** Whether its source may give further tasks. */
  readonly isOpen: boolean;
}

/** A task that runs for long, or that ignores that its signal was aborted. */
export interface LongTask {
  readonly id: number;
  readonly group: string;
  readonly index: number;
  readonly attempt: number;
  /** Since when: milliseconds since the epoch. */
  readonly since: number;
  /** Milliseconds from then on. */
  readonly for: number;
}

/** Statistics of a pool as plain JSON. */
export interface StatisticsSummary {
  readonly pool: string;
  /** The last event that is counted. */
  readonly seq: number;
  /** When that was recorded: milliseconds since the epoch. */
  readonly at: number;
  /** The first event that is counted: 0, unless the journal no longer held it. */
  readonly firstSeq: number;
  readonly firstAt: number;
  readonly total: RowSummary;
  /** In the order of their creation; no more than this many. */
  readonly groups: readonly GroupSummary[];
  /** The groups that have no row of their own, counted together, and how many these are. */
  readonly otherGroups: (RowSummary & { readonly groups: number }) | null;
  readonly functions: readonly RowSummary[];
  readonly otherFunctions: (RowSummary & { readonly functions: number }) | null;
  /** By the name of the error, the most frequent first. */
  readonly failures: readonly FailureCount[];
  /** Where attempts run that run elsewhere, in threads and workers. */
  readonly places: readonly PlaceCount[];
  /** Of those that have ended, the slowest first. */
  readonly slowest: readonly SlowTask[];
  /** Of those that run, the longest first: ten at the most. */
  readonly longest: readonly LongTask[];
  /** Those that ignore that their signal was aborted, the longest first: ten at the most. */
  readonly stuck: readonly LongTask[];
  /** By seconds, the last minute, the oldest second first. */
  readonly recent: RecentData;
}

/** How many of those that run for long are listed. */
const LISTED = 10;

/**
 * The figures.
 *
 * @param now the time they are of: milliseconds since the epoch. Default: that of the last event.
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
