/** Opens and checks the connections of a cluster, which survive outages of Redis. */

import type * as BullMQModule from 'bullmq';
import type { RedisOptions } from 'ioredis';
import { StoreDriverMissing } from '../index.ts';
import {
  clientOf,
  type RedisClient,
  type RedisConnection,
  shown,
} from '../node/redis/connection.ts';
import type { ClusterKeys } from './names.ts';
import { PERMITTED, run } from './scripts.ts';

/** The oldest supported version of Redis. */
const OLDEST = 7;
/** The version of BullMQ whose layout of jobs the scripts know. */
const BULLMQ = 6;
/** Milliseconds before a lost connection is opened again, doubling from the first to the longest delay. */
const RETRY = { first: 50, longest: 2000 };

/** Commands sent during an outage are repeated after it. */
const LASTING = {
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(RETRY.first * 2 ** (times - 1), RETRY.longest),
  replyMapping: 'legacy',
} as const satisfies RedisOptions;

export interface Opened {
  /** A new client, even if one was given. */
  readonly client: RedisClient;
  /** The address of Redis, for messages. */
  readonly where: string;
}

/**
 * Opens a connection without waiting for it.
 *
 * @param name the name of the connection in `CLIENT LIST`.
 * @throws StoreDriverMissing without ioredis, TypeError for an invalid connection.
 */
export async function openRedis(given: RedisConnection, name: string): Promise<Opened> {
  const { client, isOwn, where } = await clientOf(given, { ...LASTING, connectionName: name });
  const own = isOwn ? client : duplicateOf(client, name);
  // Pending commands get the error; without a listener ioredis would print each error.
  own.on('error', () => {});
  return { client: own, where };
}

/** A second connection to the same Redis, for blocking commands. */
export function duplicateOf(client: RedisClient, name: string): RedisClient {
  const options = { ...LASTING, connectionName: name };
  if (!('nodes' in client)) return client.duplicate(options);
  return client.duplicate([], { redisOptions: { ...client.options.redisOptions, ...options } });
}

/**
 * @throws TypeError unless it may be a connection.
 */
export function checkConnection(given: unknown): asserts given is RedisConnection {
  if (typeof given === 'object' && given !== null) return;
  if (typeof given === 'string' && /^rediss?:\/\//.test(given)) return;
  // A URL may contain a password, so it is not quoted.
  throw new TypeError(
    'expected connection to be a URL that begins with redis:// or rediss://, the options of ioredis, ' +
      `or a client of it, got ${typeof given === 'string' ? 'another text' : String(given)}`,
  );
}

/**
 * @param prefix the prefix of all keys.
 * @param commands the commands that the user needs permission for.
 * @throws Error if Redis is too old, evicts keys when it is full, refuses commands, or is a Redis Cluster for which
 *   these keys or this client do not work.
 */
export async function checkServer(
  client: RedisClient,
  prefix: string,
  { queue }: ClusterKeys,
  commands: readonly string[],
): Promise<void> {
  // The error is shown without the command, which contains the password.
  const info = await client.info().catch((error: unknown) => {
    throw shown(error);
  });
  const version = /redis_version:(\d+)(\S*)/.exec(info);
  if (version !== null && Number(version[1]) < OLDEST) {
    throw new Error(`expected Redis ${OLDEST} or later, got ${version[1]}${version[2]}`);
  }
  if (/redis_mode:cluster/.test(info)) checkForCluster(client, prefix);
  checkKeepsAll(info);
  await checkPermitted(client, queue, commands);
}

/** If Redis evicted parts of a queue, it would hang unnoticed. */
function checkKeepsAll(info: string): void {
  const isLimited = /\bmaxmemory:[1-9]/.test(info);
  const [, policy = 'noeviction'] = /\bmaxmemory_policy:(\S+)/.exec(info) ?? [];
  if (!isLimited || policy === 'noeviction') return;
  throw new Error(
    `expected a Redis with maxmemory-policy noeviction, got ${policy}: it would drop calls when it is full`,
  );
}

/**
 * Checks permissions up front: a script fails only when it reaches a forbidden command, and a thread or BullMQ would
 * repeat one forever.
 */
async function checkPermitted(
  client: RedisClient,
  key: string,
  commands: readonly string[],
): Promise<void> {
  let refused: string[];
  try {
    // Scripts are run in both ways.
    await client.eval(PERMITTED.lua, 1, key);
    refused = (await run(client, PERMITTED, [key], commands)) as string[];
  } catch (error) {
    throw shown(error);
  }
  if (refused.length === 0) return;
  throw new Error(
    `expected a user of Redis who may run ${refused.join(', ')} on keys that begin with ${key}, got one who may not`,
  );
}

/** In a Redis Cluster all keys of a script must be in one slot. */
function checkForCluster(client: RedisClient, prefix: string): void {
  if (!/\{[^{}]+\}/.test(prefix)) {
    throw new Error(
      `expected a prefix with a hash tag, '{${prefix}}' for instance, since this is a Redis Cluster, got '${prefix}'`,
    );
  }
  if ('nodes' in client) return;
  throw new Error(
    'expected connection to be a client of ioredis for a Redis Cluster, new Cluster([…]), since this is one, ' +
      'got a connection to one of its nodes',
  );
}

/**
 * @throws StoreDriverMissing without BullMQ, or with another version.
 */
export async function importBullMQ(): Promise<typeof BullMQModule> {
  let bullmq: typeof BullMQModule;
  try {
    bullmq = await import('bullmq');
  } catch (cause) {
    throw new StoreDriverMissing(`expected bullmq, got none: install bullmq ${BULLMQ}`, { cause });
  }
  const version: unknown = bullmq.BULLMQ_MAJOR_VERSION;
  if (version === BULLMQ) return bullmq;
  const got = typeof version === 'number' ? `version ${version}` : 'an older one';
  throw new StoreDriverMissing(`expected bullmq ${BULLMQ}, got ${got}: install bullmq ${BULLMQ}`);
}
