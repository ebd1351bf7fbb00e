/** The connections of a coordinator. */

import type { RedisClient } from '../../node/redis/connection.ts';
import { type ClusterKeys, keysOf } from '../names.ts';
import { checkServer, duplicateOf, openRedis } from '../redis.ts';
import { Stream, type StreamParts } from '../stream.ts';
import type { CoordinatorOptions } from './options.ts';

/** Gets what happens to jobs. */
type EventListener = Pick<StreamParts, 'onEntry' | 'onTrouble'>;

export interface Link {
  /** Which Redis it is, for messages. */
  readonly where: string;
  readonly client: RedisClient;
  readonly keys: ClusterKeys;
  /** Follows the stream of events, from what is there now on; resolves when that is known. */
  follow(listener: EventListener): Promise<void>;
  close(): void;
}

/** @throws Error if a package is missing, or Redis is too old or refuses the password. */
export async function openLink(
  name: string,
  { connection, prefix }: CoordinatorOptions,
  onTrouble: (error: unknown, where: string) => void,
): Promise<Link> {
  const { client, where } = await openRedis(connection, `${prefix}:${name}:coordinator`);
  client.on('error', (error) => onTrouble(error, where));
  try {
    await checkServer(client);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  const keys = keysOf(prefix, name);
  let stream: Stream | undefined;
  return {
    where,
    client,
    keys,
    async follow(listener) {
      const own = duplicateOf(client, `${prefix}:${name}:events`);
      own.on('error', () => {});
      stream = new Stream({ client: own, key: keys.events, ...listener });
      await stream.start();
    },
    close() {
      stream?.close();
      client.disconnect();
    },
  };
}
