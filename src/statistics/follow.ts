/** Statistics of a running pool, kept up from when they are first asked for. */

import type { PoolEvent } from '../events/events.ts';
import type { EventHistory } from '../journal/event-history.ts';
import { nextTurn } from '../kit/jobs.ts';
import { dehydrate } from '../machines/capture.ts';
import type { PoolState } from '../machines/pool-state.ts';
import { Statistics } from './statistics.ts';
import { type StatisticsSummary, summarize } from './summary.ts';

/** What statistics need of a pool. */
interface FollowedPool {
  readonly journal: EventHistory;
  on(type: '*', handler: (event: PoolEvent) => void): () => void;
}

const FOLLOWED = new WeakMap<FollowedPool, Promise<Statistics>>();

/** How many events are counted before others get their turn. */
const PART = 4096;

/** The figures of a pool as of now: milliseconds since the epoch. */
export async function statisticsOf(
  pool: FollowedPool,
  state: PoolState,
  now: number,
): Promise<StatisticsSummary> {
  return summarize(await followed(pool, state), now);
}

/** The statistics of a pool: the same for all who ask. They change with each event. */
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
    // A pool that drops events faster than they are counted: what is known then is its state.
    if (journal.firstSeq > statistics.seq + 1) statistics = begin(journal, state);
    const fromSeq = statistics.seq + 1;
    for (const event of journal.events({ fromSeq, toSeq: fromSeq + PART - 1 })) {
      statistics.apply(event);
    }
    if (statistics.seq < journal.nextSeq - 1) await nextTurn();
  }
  pool.on('*', (event) => {
    // One that was recorded but not yet published by now comes twice.
    if (event.seq > statistics.seq) statistics.apply(event);
  });
  return statistics;
}

/** Counts from the first event on, or from now on if that is no longer there. */
function begin(journal: EventHistory, state: PoolState): Statistics {
  const statistics = new Statistics();
  if (journal.firstSeq > 0) statistics.beginAt(dehydrate(state));
  return statistics;
}
