/** Far side: a worker, of a cluster or of BullMQ alone, with the same functions. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { TaskContext } from 'xstate-taskpool';
import { serve } from 'xstate-taskpool/cluster';
import { answering } from '../far-side.ts';
import { now } from './now.ts';

/** The first request to a worker; later ones ask for its cost. */
export interface WorkerRequest {
  readonly kind: 'cluster' | 'bullmq';
  readonly port: number;
  readonly concurrency: number;
}

/** Microseconds of processor time that it has used so far, once it serves. */
export type WorkerAnswer = number;

/** The name of the queue and of the cluster. */
const NAME = 'bench';

export async function noop(item: number): Promise<number> {
  return item;
}

/** Returns when it has ended. */
export async function stamp(ms: number): Promise<number> {
  await sleep(ms);
  return now();
}

/** Returns when its signal was aborted. */
export async function hang(_: number, { signal }: TaskContext): Promise<number> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(now())));
}

answering<WorkerRequest | 'cpu', WorkerAnswer>(async (request, say) => {
  if (request !== 'cpu') await start(request);
  const { user, system } = process.cpuUsage();
  say(user + system);
});

async function start({ kind, port, concurrency }: WorkerRequest): Promise<void> {
  const connection = { host: '127.0.0.1', port };
  if (kind === 'cluster') await serve({ noop, stamp, hang }, NAME, { connection, concurrency });
  else {
    const run = ({ name, data }: { name: string; data: number }) =>
      name === 'noop' ? noop(data) : stamp(data);
    const worker = new Worker<number, number>(NAME, run, { connection, concurrency });
    await worker.waitUntilReady();
  }
}
