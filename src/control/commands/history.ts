/** Commands that query the past of a pool. */

import type { PoolCheckpoint, PoolSnapshot } from '../../index.ts';
import type { StatisticsSummary } from '../../statistics/summary.ts';
import { COUNT, EVENT_TYPES_LIST, MEASURE, POSITIVE } from '../arguments/value-types.ts';
import { checkNumBuckets, checkNumRows } from '../complaints.ts';
import { command, flag, option } from '../define.ts';
import type { DensityBucket } from '../history/density.ts';
import type { EventPage } from '../history/event-page.ts';
import { snapshotOf } from '../history/snapshot-of.ts';
import { andThen, mapInParts } from '../in-parts.ts';
import { printEvent, printTable } from '../printing/print.ts';
import { printStatistics } from '../printing/print-statistics.ts';

/** The answer of `state`. */
export interface StateAt {
  /** The `seq` of the event after which the state is shown. */
  readonly seq: number;
  /** When that event was recorded, in milliseconds since the epoch; `null` if it is not known any more. */
  readonly at: number | null;
  /** The oldest event whose state can be rebuilt. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
  /** The number of ended tasks that were left out. */
  readonly omitted: number;
  readonly state: PoolSnapshot | PoolCheckpoint;
}

/** The answer of `density`. */
export interface DensityAnswer {
  /** The oldest event whose state can be rebuilt. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
  /** When these two were recorded, in milliseconds since the epoch; `null` if it is not known any more. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly buckets: readonly DensityBucket[];
}

const from = option('f', 'SEQ', COUNT, 'the number of the first event');
const to = option('t', 'SEQ', COUNT, 'the number of the last event');

export const history = {
  state: command({
    help: 'Show the whole state, now or after an earlier event.',
    answer: 'an object `{ seq, at, firstSeq, lastSeq, omitted, state }`, `state` being a snapshot',
    options: {
      at: option('a', 'SEQ', COUNT, 'the number of the event; without it the last one'),
      ended: option('e', 'N', COUNT, 'include only the last N ended tasks'),
      checkpoint: flag('c', 'as a checkpoint, from which a replay can continue'),
    },
    changes: false,
    async run({ history, signal }, { at, ended, checkpoint }): Promise<StateAt> {
      const options = ended === undefined ? {} : { ended };
      const found =
        at === undefined
          ? await history.now(options, signal)
          : await history.at(at, options, signal);
      const { state, omitted } = found;
      const { firstSeq, lastSeq } = await history.span();
      return {
        seq: state.seq,
        at: (await history.timeOf(state.seq)) ?? null,
        firstSeq,
        lastSeq,
        omitted,
        state: checkpoint ? state : snapshotOf(found),
      };
    },
    print: ({ state }) => JSON.stringify(state),
  }),
  events: command({
    help: 'List events of a range, page by page.',
    answer: 'an object `{ events, firstSeq, lastSeq, next }`; `next`: where the next page begins',
    options: {
      from,
      to,
      limit: option('l', 'N', POSITIVE, 'the maximum number', 1000),
      types: option('y', 'TYPES', EVENT_TYPES_LIST, 'only those of these types: a,b', []),
    },
    changes: false,
    run({ history, signal }, { from, to, limit, types }): Promise<EventPage> {
      checkNumRows(limit);
      const query = { from, to: to ?? Number.POSITIVE_INFINITY, limit, types };
      return history.events(query, signal);
    },
    print({ events, firstSeq, lastSeq, next }) {
      const rest = next === null ? '' : `\nMore follow at ${next}, of ${firstSeq} to ${lastSeq}.`;
      if (events.length === 0) return `none${rest}`;
      return andThen(mapInParts(events, printEvent), (lines) => `${lines.join('\n')}${rest}`);
    },
  }),
  statistics: command({
    help: 'Show statistics by group and function, and failed, slow and stuck tasks.',
    answer: 'an object, see `pool.statistics()`',
    options: {
      at: option('a', 'SEQ', COUNT, 'the state after this event; without it the current one'),
    },
    changes: false,
    run({ pool, history, signal }, { at }): Promise<StatisticsSummary> {
      return at === undefined ? pool.statistics() : history.statistics(at, signal);
    },
    print: printStatistics,
  }),
  density: command({
    help: 'Count the events over time, and the failures among them.',
    answer:
      'an object `{ firstSeq, lastSeq, firstAt, lastAt, buckets }`, each bucket `{ seq, at, events, failed }`',
    options: {
      buckets: option('b', 'N', POSITIVE, 'in how many parts', 100),
      from,
      to,
      by: option('m', 'MEASURE', MEASURE, 'what to divide into equal parts', 'seq'),
    },
    changes: false,
    async run({ history, signal }, { buckets, from, to, by }): Promise<DensityAnswer> {
      checkNumBuckets(buckets);
      const { firstSeq, lastSeq } = await history.span();
      const range = {
        from: Math.max(from ?? 0, firstSeq),
        to: Math.min(to ?? lastSeq, lastSeq),
        buckets,
        by,
      };
      return {
        firstSeq,
        lastSeq,
        firstAt: (await history.timeOf(firstSeq)) ?? null,
        lastAt: (await history.timeOf(lastSeq)) ?? null,
        buckets: await history.density(range, signal),
      };
    },
    print({ buckets }) {
      if (buckets.length === 0) return 'none';
      const rows = buckets.map(({ seq, at, events, failed }) => [
        String(seq),
        new Date(at).toISOString(),
        String(events),
        String(failed),
      ]);
      return printTable([['SEQ', 'AT', 'EVENTS', 'FAILED'], ...rows]);
    },
  }),
};
