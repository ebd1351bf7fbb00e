/** A connection to Redis, over the optional dependency ioredis. */

import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { StoreDriverMissing } from '../../index.ts';
import { hasMethods } from '../../kit/checks.ts';

/**
 * Where a Redis is: a URL (`redis://host:6379/0`, `rediss://` with TLS), options of ioredis (TLS, Sentinel
 * and a password that is in no URL among them), or a client of ioredis that is there already, which is not
 * closed then. Default: `redis://127.0.0.1:6379`.
 */
export type RedisConnection = string | RedisOptions | Redis | Cluster;

export type RedisClient = Redis | Cluster;

/** A client, and whose it is. */
export interface Connected {
  readonly client: RedisClient;
  /** Whether it was made here, and is to be closed here. */
  readonly isOwn: boolean;
  /** Which Redis it is, for messages: without user and password. */
  readonly where: string;
}

const DEFAULT = 'redis://127.0.0.1:6379';
const INSTALL = 'install ioredis 5.4 or later';

/**
 * A client that is not connected yet, or the one that was given.
 *
 * @param options for a client that is made.
 * @throws StoreDriverMissing without ioredis, TypeError for what is no connection.
 */
export async function clientOf(
  connection: RedisConnection = DEFAULT,
  options: RedisOptions = {},
): Promise<Connected> {
  if (isClient(connection)) return { client: connection, isOwn: false, where: whereIs(connection) };
  const Client = await clientClass();
  const given = typeof connection === 'string' ? optionsOf(connection) : connection;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`expected a connection to Redis, got ${typeof given}`);
  }
  const client = new Client({ ...given, ...options, lazyConnect: true, replyMapping: 'legacy' });
  return { client, isOwn: true, where: whereIs(client) };
}

/** @throws StoreDriverMissing without it, or with one that is too old. */
async function clientClass(): Promise<typeof Redis> {
  let Client: typeof Redis | undefined;
  try {
    Client = (await import('ioredis')).Redis;
  } catch (cause) {
    throw new StoreDriverMissing(`expected ioredis, got none: ${INSTALL}`, { cause });
  }
  // Before 5 it was the module itself.
  if (Client === undefined) {
    throw new StoreDriverMissing(`expected ioredis 5.4 or later, got an older one: ${INSTALL}`);
  }
  return Client;
}

function isClient(connection: RedisConnection): connection is RedisClient {
  return hasMethods(connection, 'duplicate');
}

/** @throws TypeError for what is no URL of a Redis. Its message has nothing of it: there may be a password in it. */
function optionsOf(text: string): RedisOptions {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError('expected a URL like redis://host:6379/0, got something else');
  }
  const { protocol, hostname, port, username, password, pathname } = url;
  const db = Number(pathname.slice(1));
  if (!['redis:', 'rediss:'].includes(protocol) || !Number.isSafeInteger(db)) {
    throw new TypeError(`expected a URL like redis://host:6379/0, got ${protocol}//…`);
  }
  return {
    host: hostname === '' ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(db === 0 ? {} : { db }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** A client of its own that is connected like another one: for what blocks. */
export function anotherOf(client: RedisClient): RedisClient {
  return 'nodes' in client ? client.duplicate() : client.duplicate({ lazyConnect: false });
}

function whereIs(client: RedisClient): string {
  if (!('host' in client.options) || client.options.host === undefined) return 'a Redis Cluster';
  const { host, port, path, db = 0, sentinels, name } = client.options;
  const place = sentinels ? `${name} of Sentinel` : (path ?? `redis://${host}:${port}`);
  return db === 0 ? place : `${place}/${db}`;
}

/**
 * An error of ioredis as it may be shown: those that Redis answers with have the words of the command,
 * passwords among them.
 */
export function shown(error: unknown): Error {
  const { name = 'Error', message = String(error), code } = Object(error) as NodeJS.ErrnoException;
  const copy = new Error(message);
  return Object.assign(copy, { name, ...(code === undefined ? {} : { code }) });
}
