/** Calls of a cluster, compared with BullMQ alone: a worker in another process, a Redis for each measurement. */
import { TaskPool } from 'xstate-taskpool';
import {
  type Caller,
  type Kind,
  openCluster,
  type Payer,
  withCaller,
  withWorker,
} from '../cluster/callers.ts';
import { now } from '../cluster/now.ts';
import { type Contender, count, ours, peer, type Scale, type Section } from '../model.ts';
import { hasRedisServer } from '../redis-server.ts';
import { quantile } from '../stats.ts';

/** How long a function waits, in milliseconds, before the way back of its result is measured. */
const WAIT = 5;

/** Microseconds per no-op call, in wall time. */
async function timeOf(caller: Caller, calls: number, atOnce: number): Promise<number> {
  await caller.run('noop', 1, { count: Math.ceil(calls / 4), atOnce });
  const start = performance.now();
  await caller.run('noop', 1, { count: calls, atOnce });
  return ((performance.now() - start) * 1000) / calls;
}

/** The same in processor time. */
async function costPerCall(
  caller: Caller,
  cost: () => Promise<number>,
  calls: number,
  atOnce: number,
): Promise<number> {
  await caller.run('noop', 1, { count: Math.ceil(calls / 4), atOnce });
  const before = await cost();
  await caller.run('noop', 1, { count: calls, atOnce });
  return ((await cost()) - before) / calls;
}

/** The processes that use processor time for a call. */
const PAYERS = {
  caller: ['cpu', 'the process that calls'],
  worker: ['cpu-worker', 'the worker'],
  redis: ['cpu-redis', 'Redis'],
} as const satisfies Record<Payer, readonly [id: string, title: string]>;

/** Milliseconds from the end of a function to when its result arrives here. */
async function waysBack(caller: Caller, calls: number): Promise<number[]> {
  const ways: number[] = [];
  const run = (onEnded: (endedAt: number) => void) =>
    caller.run('stamp', WAIT, { count: calls, atOnce: 16, onEnded });
  await run(() => {});
  await run((endedAt) => void ways.push(now() - endedAt));
  return ways;
}

/** Milliseconds from a cancellation to when the signal of the function is aborted in the worker. */
function waysOfCancels(cancels: number): Promise<number[]> {
  return withWorker('cluster', async (port) => {
    const work = openCluster(port);
    const pool = new TaskPool({ poolSize: 1 });
    const ways: number[] = [];
    for (let n = 0; n < cancels; n++) {
      const group = pool.map(work.hang, [n]);
      await new Promise((resolve) => pool.on('task.placed', resolve, { once: true }));
      const cancelledAt = now();
      pool.cancel(n);
      const [abortedAt = Number.NaN] = await group.results();
      ways.push(abortedAt - cancelledAt);
    }
    return ways;
  });
}

export function clusterSections({ quick }: Scale): Section[] {
  if (!hasRedisServer) return [];
  const both = (measure: Parameters<typeof withCaller<number>>[1]): Contender[] => {
    const by = (kind: Kind) => () => withCaller(kind, measure);
    return [ours('pool', by('cluster')), peer('BullMQ, addBulk', by('bullmq'))];
  };
  const noops = (atOnce: number, calls: number): Section[] => [
    {
      id: `cluster-${atOnce}`,
      title: `no-ops in a worker process, ${count(atOnce)} outstanding`,
      unit: 'µs per call',
      contenders: both((caller) => timeOf(caller, calls, atOnce)),
    },
    ...(Object.keys(PAYERS) as Payer[]).map((payer): Section => {
      const [id, title] = PAYERS[payer];
      return {
        id: `cluster-${id}-${atOnce}`,
        title: `processor time of ${title}, ${count(atOnce)} outstanding`,
        unit: 'µs per call',
        contenders: both((caller, costOf) =>
          costPerCall(caller, () => costOf(payer), calls, atOnce),
        ),
      };
    }),
  ];
  const trips = quick ? 100 : 2000;
  const cancels = quick ? 20 : 300;
  return [
    ...noops(1000, quick ? 2000 : 20_000),
    ...noops(64, quick ? 1000 : 10_000),
    ...[0.5, 0.99].flatMap((share): Section[] => [
      {
        id: `cluster-back-p${share * 100}`,
        title: `from the end of the function to that of its task, ${share * 100} % of calls within`,
        unit: 'ms',
        contenders: both(async (caller) => quantile(await waysBack(caller, trips), share)),
      },
      {
        id: `cluster-cancel-p${share * 100}`,
        title: `from \`cancel()\` to the signal over there, ${share * 100} % of cancels within`,
        unit: 'ms',
        contenders: [ours('pool', async () => quantile(await waysOfCancels(cancels), share))],
      },
    ]),
  ];
}
