/** A Redis for a measurement, if it is installed on this machine. */
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { hasRedisServer, withRedisServer } from '../redis-server.ts';

const PORT = 'TASKPOOL_BENCH_REDIS';

/** Whether there is a Redis to measure with. */
export const hasRedis = process.env[PORT] !== undefined || hasRedisServer;

/** Starts one for all processes of a measurement, and ends it afterwards. */
export async function inSharedRedis(run: () => Promise<void>): Promise<void> {
  if (process.env[PORT] !== undefined || !hasRedis) return run();
  await withRedisServer((port) => {
    process.env[PORT] = String(port);
    return run();
  });
}

let journals = 0;

/** A new journal. */
export function openInRedis(): Promise<RedisStore> {
  const connection = { host: '127.0.0.1', port: Number(process.env[PORT]) };
  return RedisStore.open(`bench-${process.pid}-${journals++}`, { connection });
}
