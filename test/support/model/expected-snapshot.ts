/** What the snapshot of a pool should be, counted from the journal. */

import type { Outcome, PoolSnapshot } from 'xstate-taskpool';
import { slotsOf, snapshotOf } from './facts.ts';
import type { Oracle } from './oracle.ts';

const fromLimit = (limit: number) => (limit === Number.POSITIVE_INFINITY ? null : limit);

export function expectedSnapshot(oracle: Oracle, name: string): PoolSnapshot {
  const count = (outcome: Outcome) =>
    oracle.tasks.filter((task) => task.outcome === outcome).length;
  return {
    seq: oracle.seq,
    name: name,
    kind: oracle.kind,
    status: oracle.status,
    paused: oracle.isPaused,
    poolSize: fromLimit(oracle.poolSize),
    retain: oracle.retain,
    numQueued: oracle.in('queued').length,
    numRunning: oracle.in('running', 'cancelling', 'timedOut').length,
    numDelayed: oracle.in('delayed').length,
    numCancelled: oracle.in('cancelled').length,
    numEnded: oracle.in('ended').filter((task) => task.isRemembered).length,
    totals: {
      created: oracle.tasks.length,
      started: oracle.numStarted,
      fulfilled: count('fulfilled'),
      rejected: count('rejected'),
      cancelled: count('cancelled'),
    },
    groups: oracle.groups
      .filter((group) => group.isKnown)
      .map((group) => ({
        name: group.name,
        method: group.method,
        functionName: group.functionName,
        numConcurrent: fromLimit(group.numConcurrent),
        ...(group.planned === undefined ? {} : { planned: group.planned }),
        source: group.source,
        paused: group.isPaused,
        created: group.tasks.length,
        ended: group.ended.length,
        running: slotsOf(group),
        delayed: group.tasks.filter(({ state }) => state === 'delayed').length,
      })),
    tasks: oracle.tasks.filter((task) => task.isRemembered).map(snapshotOf),
  };
}
