/**
 * Measures the cost of a journal in Redis with tasks that wait for a moment, from the figures that Redis reports
 * before and after. `node build/examples/scale/redis-cost.js redis://127.0.0.1:6379 50000`
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { TaskPool } from 'xstate-taskpool';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { isEntry } from '../entry.ts';

export interface RedisCost {
  readonly appends: number;
  /** Bytes in Redis per task, without pruning. */
  readonly bytesPerTask: number;
  readonly appendsPerTask: number;
  /** Microseconds of Redis per append, and of this process per task. */
  readonly redisPerAppend: number;
  readonly cpuPerTask: number;
}

/**
 * @param mean the average time that a task waits, in milliseconds.
 */
export async function measure(
  connection: string,
  { tasks = 50_000, poolSize = 1000, mean = 100 } = {},
): Promise<RedisCost> {
  const redis = new Redis(connection);
  const name = `cost-${process.pid}-${Date.now()}`;
  try {
    const before = await figuresOf(redis);
    const journal = await RedisStore.open(name, { connection });
    const cpu = process.cpuUsage();
    const work = (_: number) => sleep(mean * 2 * Math.random());
    const pool = new TaskPool({ journal, functions: { work }, poolSize, retain: 'none' });
    pool.map(work, Array(tasks).keys());
    await pool.gatherAndClose();
    await pool.untilDurable();
    const { user, system } = process.cpuUsage(cpu);
    const after = await figuresOf(redis);
    await journal.close();
    const appends = after.calls - before.calls;
    return {
      appends,
      bytesPerTask: (after.memory - before.memory) / tasks,
      appendsPerTask: appends / tasks,
      redisPerAppend: (after.micros - before.micros) / appends,
      cpuPerTask: (user + system) / tasks,
    };
  } finally {
    await RedisStore.remove(name, { connection });
    redis.disconnect();
  }
}

async function figuresOf(redis: Redis) {
  const info = `${await redis.info('memory')}${await redis.info('commandstats')}`;
  const [, calls = 0, micros = 0] =
    /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(info)?.map(Number) ?? [];
  return { memory: Number(/used_memory:(\d+)/.exec(info)?.[1]), calls, micros };
}

if (isEntry(import.meta)) {
  const [connection = 'redis://127.0.0.1:6379', tasks = '50000'] = process.argv.slice(2);
  console.log(JSON.stringify(await measure(connection, { tasks: Number(tasks) }), undefined, 2));
}
