/** Outcomes and times of groups, combined from their records and the statistics. */

import type { GroupRecord } from '../../../machines/records.ts';
import { short } from '../../ui/format.ts';
import type { StatisticsGroup, StatisticsRow } from '../data/statistics.ts';

export interface Figures {
  /** Undefined until they are counted. */
  readonly outcomes: Outcomes | undefined;
  readonly ended: number;
  readonly slots: number;
  readonly delayed: number;
  /** The expected total number of tasks, as far as it is known. */
  readonly total: number;
  /** Whether there may be more tasks. */
  readonly isOpen: boolean;
  /** The median and 95th percentile of the duration of its attempts, in milliseconds. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

export interface Outcomes {
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
}

const NONE: Outcomes = { fulfilled: 0, rejected: 0, cancelled: 0 };

/** The figures of a group, or of all groups of a function. */
export function figuresOf(groups: readonly GroupRecord[], row: StatisticsRow | undefined): Figures {
  const sum = { ended: 0, slots: 0, delayed: 0, total: 0 };
  let numMade = 0;
  for (const { ended, slots, delayed, created, numUnmade } of groups) {
    numMade += created;
    sum.ended += ended;
    sum.slots += slots;
    sum.delayed += delayed;
    sum.total += created + numUnmade;
  }
  // Groups that the pool has forgotten were counted too: all their tasks have ended.
  const numCounted = row === undefined ? 0 : row.created - (earlierOf(row)?.created ?? 0);
  const numForgotten = Math.max(0, numCounted - numMade);
  sum.ended += numForgotten;
  sum.total += numForgotten;
  const isOpen = groups.some(
    ({ source, identity }) => source === 'open' && identity.kind.planned === undefined,
  );
  const outcomes = row === undefined ? (sum.ended === 0 ? NONE : undefined) : ownOutcomes(row);
  return { ...sum, outcomes, isOpen, p50: row?.ran?.p50, p95: row?.ran?.p95 };
}

/** The figures of groups that the pool has forgotten, from the statistics. */
export function figuresOfRow(row: StatisticsRow | StatisticsGroup): Figures {
  const outcomes = ownOutcomes(row);
  const { fulfilled, rejected, cancelled } = outcomes;
  const created = row.created - (earlierOf(row)?.created ?? 0);
  return {
    outcomes,
    ended: fulfilled + rejected + cancelled,
    slots: row.now.running + row.now.cancelling + row.now.timedOut,
    delayed: row.now.delayed,
    total: ('planned' in row ? row.planned : null) ?? created,
    isOpen: false,
    p50: row.ran?.p50,
    p95: row.ran?.p95,
  };
}

/** The outcomes without those of earlier groups of the same name. */
function ownOutcomes(row: StatisticsRow | StatisticsGroup): Outcomes {
  const { fulfilled, rejected, cancelled } = row.outcomes;
  const earlier = earlierOf(row)?.outcomes ?? NONE;
  return {
    fulfilled: fulfilled - earlier.fulfilled,
    rejected: rejected - earlier.rejected,
    cancelled: cancelled - earlier.cancelled,
  };
}

function earlierOf(row: StatisticsRow | StatisticsGroup): StatisticsGroup['earlier'] {
  return 'earlier' in row ? row.earlier : null;
}

export function timesText({ p50, p95 }: Figures): string {
  if (p50 === undefined || p95 === undefined) return '–';
  const [low, high] = [short(p50), short(p95)];
  const unit = high.replace(/^[\d.,]+ /, '');
  // `62 · 140 ms`: a common unit is shown once.
  return low.endsWith(` ${unit}`)
    ? `${low.slice(0, -unit.length - 1)} · ${high}`
    : `${low} · ${high}`;
}
