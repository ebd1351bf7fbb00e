/**
 * A worker of a cluster, which leaves a line when a call begins, `begins PID ITEM ID ATTEMPT`, and one when it
 * ends. `node cluster-worker.js REDIS-PORT NAME [MS]`: how long a call takes.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { TaskContext } from 'xstate-taskpool';
import { serve } from 'xstate-taskpool/cluster';

const [port, name = '', duration = '3'] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port) };
const redis = new Redis(connection);

export async function visit(item: number, { id, attempt }: TaskContext): Promise<number> {
  const note = (what: string) =>
    redis.rpush(`effects:${name}`, `${what} ${process.pid} ${item} ${id} ${attempt}`);
  await note('begins');
  await wait(Number(duration));
  await note('ends');
  return item;
}

await serve({ visit }, name, { connection, concurrency: 5, lease: 2000 });
console.log('serves');
