/** Connects to Redis with the optional dependency ioredis. */

import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { StoreDriverMissing } from '../../index.ts';
import { hasMethods } from '../../kit/checks.ts';

/**
 * A connection to Redis: a URL (`redis://host:6379/0`, `rediss://` with TLS); options of ioredis, for instance for
 * TLS, Sentinel, or a password outside of the URL; or an existing client of ioredis, which is not closed. Default:
 * `'redis://127.0.0.1:6379'`.
 */
export type RedisConnection = string | RedisOptions | Redis | Cluster;

export type RedisClient = Redis | Cluster;

/** A client and its ownership. */
export interface Connected {
  readonly client: RedisClient;
  /** Whether it was created here, and must be closed here. */
  readonly isOwn: boolean;
  /** The address of Redis for messages, without user and password. */
  readonly where: string;
}

const DEFAULT = 'redis://127.0.0.1:6379';
const INSTALL = 'install ioredis 5.4 or later';

/**
 * A new client that is not connected yet, or the given one.
 *
 * @param options for a new client.
 * @throws StoreDriverMissing without ioredis, TypeError for an invalid connection.
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

/**
 * @throws StoreDriverMissing if ioredis is missing or too old.
 */
async function clientClass(): Promise<typeof Redis> {
  let Client: typeof Redis | undefined;
  try {
    Client = (await import('ioredis')).Redis;
  } catch (cause) {
    throw new StoreDriverMissing(`expected ioredis, got none: ${INSTALL}`, { cause });
  }
  // Before version 5 the module itself was the class.
  if (Client === undefined) {
    throw new StoreDriverMissing(`expected ioredis 5.4 or later, got an older one: ${INSTALL}`);
  }
  return Client;
}

function isClient(connection: RedisConnection): connection is RedisClient {
  return hasMethods(connection, 'duplicate');
}

/**
 * @throws TypeError for an invalid URL, without quoting it, since it may contain a password.
 */
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

/** A second client for the same server, for blocking commands. */
export function anotherOf(client: RedisClient): RedisClient {
  return 'nodes' in client ? client.duplicate() : client.duplicate({ lazyConnect: false });
}

function whereIs(client: RedisClient): string {
  if (!('host' in client.options) || client.options.host === undefined) return 'a Redis Cluster';
  const { host, port, path, db = 0, sentinels, name } = client.options;
  const place = sentinels ? `${name} of Sentinel` : (path ?? `redis://${host}:${port}`);
  return db === 0 ? place : `${place}/${db}`;
}

/** A copy of an error of ioredis without the command, which may contain passwords. */
export function shown(error: unknown): Error {
  const { name = 'Error', message = String(error), code } = Object(error) as NodeJS.ErrnoException;
  const copy = new Error(message);
  return Object.assign(copy, { name, ...(code === undefined ? {} : { code }) });
}
