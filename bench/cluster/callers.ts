/** Near side: makes calls, with a pool over a cluster or with a loop over BullMQ alone. */
import { Queue, QueueEvents } from 'bullmq';
import { TaskPool } from 'xstate-taskpool';
import { cluster } from 'xstate-taskpool/cluster';
import { FarSide } from '../far-side.ts';
import { redisCost, withRedisServer } from '../redis-server.ts';
import type * as functions from './worker.ts';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

/** Calls a function with a number, a given number of times, with a given concurrency. */
export interface Caller {
  run(fn: 'noop' | 'stamp', item: number, calls: Calls): Promise<void>;
}

/** The processes that use processor time for calls. */
export type Payer = 'caller' | 'worker' | 'redis';
/** Microseconds of processor time that a process has used so far. */
export type CostOf = (payer: Payer) => Promise<number>;

interface Calls {
  readonly count: number;
  /** How many are outstanding. */
  readonly atOnce: number;
  /** Called with the result of a call, as soon as it arrives here. */
  readonly onEnded?: (result: number) => void;
}

export type Kind = WorkerRequest['kind'];

/** How many calls run at once in the worker. */
const CONCURRENCY = 50;
const NAME = 'bench';

/** Runs a function with its own Redis, at a port of this machine, and its own worker. */
export function withWorker<T>(
  kind: Kind,
  run: (port: number, costOf: CostOf) => Promise<T>,
): Promise<T> {
  return withRedisServer(async (port) => {
    const worker = new FarSide<WorkerRequest | 'cpu', WorkerAnswer>('cluster/worker');
    await worker.ask({ kind, port, concurrency: CONCURRENCY });
    const costOf: CostOf = async (payer) => {
      if (payer === 'worker') return worker.ask('cpu');
      if (payer === 'redis') return redisCost(port);
      const { user, system } = process.cpuUsage();
      return user + system;
    };
    try {
      return await run(port, costOf);
    } finally {
      await worker.end();
    }
  });
}

export function withCaller<T>(
  kind: Kind,
  run: (caller: Caller, costOf: CostOf) => Promise<T>,
): Promise<T> {
  return withWorker(kind, async (port, costOf) =>
    run(await CALLERS[kind]({ host: '127.0.0.1', port }), costOf),
  );
}

interface Connection {
  readonly host: string;
  readonly port: number;
}

/** The functions of the worker, as a cluster. */
export function openCluster(port: number) {
  return cluster<typeof functions>(NAME, { connection: { host: '127.0.0.1', port } });
}

const CALLERS: Record<Kind, (connection: Connection) => Promise<Caller>> = {
  async cluster(connection) {
    const work = openCluster(connection.port);
    return {
      async run(fn, item, { count, atOnce, onEnded }) {
        const pool = new TaskPool({ poolSize: atOnce, retain: 'none' });
        const group = pool.map(work[fn], Array<number>(count).fill(item));
        if (onEnded === undefined) await pool.untilIdle();
        else for await (const result of group) onEnded(result);
        await pool.gatherAndClose();
      },
    };
  },
  async bullmq(connection) {
    const queue = new Queue<number, number>(NAME, { connection });
    const events = new QueueEvents(NAME, { connection });
    await events.waitUntilReady();
    return {
      run: (fn, item, { count, atOnce, onEnded }) =>
        new Promise<void>((resolve, reject) => {
          let left = count;
          let running = 0;
          let ended = 0;
          let isScheduled = false;
          const opts = { removeOnComplete: true };
          const fill = (): void => {
            isScheduled = false;
            const jobs = [];
            for (; running < atOnce && left > 0; running++, left--) {
              jobs.push({ name: fn, data: item, opts });
            }
            if (jobs.length > 0) queue.addBulk(jobs).catch(reject);
          };
          const onCompleted = ({ returnvalue }: { readonly returnvalue: unknown }): void => {
            running--;
            onEnded?.(returnvalue as number);
            if (++ended === count) {
              events.off('completed', onCompleted);
              resolve();
            } else if (!isScheduled) {
              // Fills all places that are free at the end of this turn together.
              isScheduled = true;
              setImmediate(fill);
            }
          };
          events.on('completed', onCompleted);
          fill();
        }),
    };
  },
};
