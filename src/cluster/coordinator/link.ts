/** The connections of a coordinator. */

import type { RedisClient } from '../../node/redis/connection.ts';
import { type ClusterKeys, keysOf } from '../names.ts';
import { checkServer, duplicateOf, openRedis } from '../redis.ts';
import { Stream, type StreamParts } from '../stream.ts';
import type { CoordinatorOptions } from './options.ts';
import { COMMANDS } from './scripts.ts';

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

export interface LinkParts {
  readonly name: string;
  readonly options: Pick<CoordinatorOptions, 'connection' | 'prefix'>;
  readonly onTrouble: (error: unknown, where: string) => void;
  /** Closes it, also while a Redis is waited for that cannot be reached. */
  readonly signal: AbortSignal;
}

/** @throws Error if a package is missing, Redis is none that a cluster can use, or it is closed meanwhile. */
export async function openLink({ name, options, onTrouble, signal }: LinkParts): Promise<Link> {
  const { connection, prefix } = options;
  const { client, where } = await openRedis(connection, `${prefix}:${name}:coordinator`);
  client.on('error', (error) => onTrouble(error, where));
  const keys = keysOf(prefix, name);
  let stream: Stream | undefined;
  const close = (): void => {
    stream?.close();
    client.disconnect();
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    await checkServer(client, prefix, keys, COMMANDS);
  } catch (error) {
    close();
    throw error;
  }
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
    close,
  };
}
