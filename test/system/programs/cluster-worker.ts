/**
 * A worker of a cluster, which leaves a line for each call it runs: `ITEM ID ATTEMPT EPOCH PID`.
 * `node cluster-worker.js REDIS-PORT NAME`
 */

import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { TaskContext } from 'xstate-taskpool';
import { serve } from 'xstate-taskpool/cluster';

const [port, name = ''] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port) };
const redis = new Redis(connection);

export async function visit(item: number, { id, attempt, pool }: TaskContext): Promise<number> {
  const { epoch } = pool;
  await redis.rpush(`effects:${name}`, `${item} ${id} ${attempt} ${epoch} ${process.pid}`);
  await wait(3);
  return item;
}

await serve({ visit }, name, { connection, concurrency: 5, lease: 2000 });
console.log('serves');
