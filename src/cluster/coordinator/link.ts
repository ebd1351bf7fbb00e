/** The connections of a coordinator. */

import type { RedisClient } from '../../node/redis/connection.ts';
import { type ClusterKeys, keysOf } from '../names.ts';
import { checkServer, duplicateOf, openRedis } from '../redis.ts';
import { Stream, type StreamParts } from '../stream.ts';
import type { CoordinatorOptions } from './options.ts';
import { COMMANDS } from './scripts.ts';

/** Called with events of jobs. */
type EventListener = Pick<StreamParts, 'onEntry' | 'onTrouble'>;

export interface Link {
  /** The address of Redis, for messages. */
  readonly where: string;
  readonly client: RedisClient;
  readonly keys: ClusterKeys;
  /** Follows the event stream from its current end; resolves when that is known. */
  follow(listener: EventListener): Promise<void>;
  close(): void;
}

export interface LinkParts {
  readonly name: string;
  readonly options: Pick<CoordinatorOptions, 'connection' | 'prefix'>;
  readonly onTrouble: (error: unknown, where: string) => void;
  /** Aborting closes the connection, even while it is being established. */
  readonly signal: AbortSignal;
}

/**
 * @throws Error if a package is missing, if the Redis does not fit, or if it is closed meanwhile.
 */
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
