/** The connections of a cluster: they last, whatever becomes of Redis meanwhile. */

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

/** The oldest Redis that has what is needed. */
const OLDEST = 7;
/** The BullMQ whose jobs the scripts know. */
const BULLMQ = 6;
/** Milliseconds: so long after a connection was lost the next one is tried. */
const RETRY = { first: 50, longest: 2000 };

/** What is asked of a Redis that is away is asked when it is back. */
const LASTING = {
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(RETRY.first * 2 ** (times - 1), RETRY.longest),
  replyMapping: 'legacy',
} as const satisfies RedisOptions;

export interface Opened {
  /** A client of its own, also where one was given. */
  readonly client: RedisClient;
  /** Which Redis it is, for messages. */
  readonly where: string;
}

/**
 * Opens a connection, and does not wait for it.
 *
 * @param name what it is called in `CLIENT LIST`.
 * @throws StoreDriverMissing without ioredis, TypeError for what is no connection.
 */
export async function openRedis(given: RedisConnection, name: string): Promise<Opened> {
  const { client, isOwn, where } = await clientOf(given, { ...LASTING, connectionName: name });
  const own = isOwn ? client : duplicateOf(client, name);
  // Each call that waits for an answer gets the error; without a listener each error would be printed.
  own.on('error', () => {});
  return { client: own, where };
}

/** Another connection to the same Redis, for what blocks. */
export function duplicateOf(client: RedisClient, name: string): RedisClient {
  const options = { ...LASTING, connectionName: name };
  if (!('nodes' in client)) return client.duplicate(options);
  return client.duplicate([], { redisOptions: { ...client.options.redisOptions, ...options } });
}

/** @throws TypeError unless it may be a connection. */
export function checkConnection(given: unknown): asserts given is RedisConnection {
  if (typeof given === 'object' && given !== null) return;
  if (typeof given === 'string' && /^rediss?:\/\//.test(given)) return;
  // A URL may hold a password: it is not repeated.
  throw new TypeError(
    'expected connection to be a URL that begins with redis:// or rediss://, the options of ioredis, ' +
      `or a client of it, got ${typeof given === 'string' ? 'another text' : String(given)}`,
  );
}

/**
 * @param prefix what all keys begin with.
 * @param commands what the user has to be permitted.
 * @throws Error if it is too old, drops what it has when it is full, refuses commands, or is a Redis Cluster that
 *   these keys or this client are not for.
 */
export async function checkServer(
  client: RedisClient,
  prefix: string,
  { queue }: ClusterKeys,
  commands: readonly string[],
): Promise<void> {
  // What Redis refuses is shown without the command: there is a password in that.
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

/** A queue of which parts are gone comes to no end, and no one would notice. */
function checkKeepsAll(info: string): void {
  const isLimited = /\bmaxmemory:[1-9]/.test(info);
  const [, policy = 'noeviction'] = /\bmaxmemory_policy:(\S+)/.exec(info) ?? [];
  if (!isLimited || policy === 'noeviction') return;
  throw new Error(
    `expected a Redis with maxmemory-policy noeviction, got ${policy}: it would drop calls when it is full`,
  );
}

/** What a script may not do it says only once it does it, and what a thread or BullMQ may not they try for ever. */
async function checkPermitted(
  client: RedisClient,
  key: string,
  commands: readonly string[],
): Promise<void> {
  let refused: string[];
  try {
    // Both ways to run a script are needed.
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

/** Scripts of BullMQ and of this take keys of one slot alone. */
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

/** @throws StoreDriverMissing without BullMQ, or with another one. */
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
