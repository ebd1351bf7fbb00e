/** What is known of groups beyond their records: outcomes and times, as statistics count them. */

import type { GroupRecord } from '../../../machines/records.ts';
import { short } from '../../ui/format.ts';
import type { StatisticsGroup, StatisticsRow } from '../data/statistics.ts';

export interface Figures {
  /** Undefined while they are not known: nobody has counted them yet. */
  readonly outcomes: Outcomes | undefined;
  readonly ended: number;
  readonly slots: number;
  readonly delayed: number;
  /** How many tasks there will be, as far as that is known. */
  readonly total: number;
  /** Whether there may be more than that. */
  readonly isOpen: boolean;
  /** Milliseconds that half of its attempts, and 95 of 100, ran at the most. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

export interface Outcomes {
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
}

const NONE: Outcomes = { fulfilled: 0, rejected: 0, cancelled: 0 };

/** Of one group, or of all groups of a function. */
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
  // Those of groups that the pool has forgotten are counted, too: all of them have ended.
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

/** Of groups that the pool no longer knows: what statistics have counted. */
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

/** Without those of groups that had the name of a group before it. */
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
  // `62 · 140 ms`: the unit once, if it is the same.
  return low.endsWith(` ${unit}`)
    ? `${low.slice(0, -unit.length - 1)} · ${high}`
    : `${low} · ${high}`;
}
