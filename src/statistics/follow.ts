/** The statistics of a running pool, updated from the first request on. */

import type { PoolEvent } from '../events/events.ts';
import type { EventHistory } from '../journal/event-history.ts';
import { nextTurn } from '../kit/jobs.ts';
import { dehydrate } from '../machines/capture.ts';
import type { PoolState } from '../machines/pool-state.ts';
import { Statistics } from './statistics.ts';
import { type StatisticsSummary, summarize } from './summary.ts';

/** The used part of a pool. */
interface FollowedPool {
  readonly journal: EventHistory;
  on(type: '*', handler: (event: PoolEvent) => void): () => void;
}

const FOLLOWED = new WeakMap<FollowedPool, Promise<Statistics>>();

/** The number of events counted before yielding to the event loop. */
const PART = 4096;

/** The statistics of a pool as of now. @param now in milliseconds since the epoch. */
export async function statisticsOf(
  pool: FollowedPool,
  state: PoolState,
  now: number,
): Promise<StatisticsSummary> {
  return summarize(await followed(pool, state), now);
}

/** The statistics of a pool, shared by all callers. They change with each event. */
function followed(pool: FollowedPool, state: PoolState): Promise<Statistics> {
  const known = FOLLOWED.get(pool);
  if (known !== undefined) return known;
  const begun = follow(pool, state);
  FOLLOWED.set(pool, begun);
  return begun;
}

async function follow(pool: FollowedPool, state: PoolState): Promise<Statistics> {
  const { journal } = pool;
  let statistics = begin(journal, state);
  while (statistics.seq < journal.nextSeq - 1) {
    // The pool drops events faster than they are counted, so counting restarts from its state.
    if (journal.firstSeq > statistics.seq + 1) statistics = begin(journal, state);
    const fromSeq = statistics.seq + 1;
    for (const event of journal.events({ fromSeq, toSeq: fromSeq + PART - 1 })) {
      statistics.apply(event);
    }
    if (statistics.seq < journal.nextSeq - 1) await nextTurn();
  }
  pool.on('*', (event) => {
    // Events recorded but not yet published would be counted twice.
    if (event.seq > statistics.seq) statistics.apply(event);
  });
  return statistics;
}

/** Counts from the first event on, or from now on if that was dropped. */
function begin(journal: EventHistory, state: PoolState): Statistics {
  const statistics = new Statistics();
  if (journal.firstSeq > 0) statistics.beginAt(dehydrate(state));
  return statistics;
}
