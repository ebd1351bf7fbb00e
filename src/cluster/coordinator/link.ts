/** The connections of a coordinator, and BullMQ on them. */

import type * as BullMQ from 'bullmq';
import type { Queue, QueueEvents } from 'bullmq';
import type { RedisClient } from '../../node/redis/connection.ts';
import { type ClusterKeys, keysOf } from '../names.ts';
import { checkServer, importBullMQ, openRedis } from '../redis.ts';
import type { CoordinatorOptions } from './options.ts';

export interface Link {
  /** Which Redis it is, for messages. */
  readonly where: string;
  readonly client: RedisClient;
  readonly keys: ClusterKeys;
  readonly queue: Queue;
  readonly events: QueueEvents;
  close(): Promise<void>;
}

/** @throws Error if a package is missing, or Redis is too old or refuses the password. */
export async function openLink(
  name: string,
  options: CoordinatorOptions,
  onTrouble: (error: unknown, where: string) => void,
): Promise<Link> {
  const { connection, prefix } = options;
  const bullmq = await importBullMQ();
  const { client, where } = await openRedis(connection, `${prefix}:${name}:coordinator`);
  client.on('error', (error) => onTrouble(error, where));
  try {
    await checkServer(client);
    return { where, ...(await link(bullmq, client, name, prefix)) };
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

async function link(
  bullmq: typeof BullMQ,
  client: RedisClient,
  name: string,
  prefix: string,
): Promise<Omit<Link, 'where'>> {
  const keys = keysOf(prefix, name);
  const base = { connection: client, prefix, skipVersionCheck: true };
  const queue = new bullmq.Queue(name, base);
  queue.on('error', () => {});
  // Read from here on, and not from when the follower is connected: what happens before would be missed.
  const [last] = await client.xrevrange(`${keys.queue}events`, '+', '-', 'COUNT', 1);
  const events = new bullmq.QueueEvents(name, { ...base, lastEventId: last?.[0] ?? '0-0' });
  return {
    client,
    keys,
    queue,
    events,
    close: async () => {
      await Promise.allSettled([events.close(), queue.close()]);
      client.disconnect();
    },
  };
}
