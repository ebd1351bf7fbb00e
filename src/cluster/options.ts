/** Options that both sides of a cluster share, and have to agree on. */

import { checkFrom, checkText, hasMethods, optional, refuse } from '../kit/checks.ts';
import { attempt } from '../kit/promises.ts';
import type { RedisConnection } from '../node/redis/connection.ts';
import { checkName } from './names.ts';
import { checkConnection } from './redis.ts';

/** Where messages go that no task can carry. */
export interface ClusterLogger {
  warn(message: string): void;
}

export interface SharedOptions {
  /** Where Redis is, version 7 or later. A client that is given is left open. */
  readonly connection: RedisConnection;
  /** What all keys in Redis begin with: one for each tenant. Default: `taskpool`. */
  readonly prefix?: string;
  /**
   * The version of the module, {@link moduleHash} for instance: a call that says one is run only by workers that
   * have the same. Default: any.
   */
  readonly version?: string;
  /**
   * Milliseconds without a sign of life after which a worker is dead, and its calls are lost; at least 100.
   * Default: 5,000.
   */
  readonly lease?: number;
  /** Gets what goes wrong and no task can carry. Default: `console`. */
  readonly logger?: ClusterLogger;
}

/** With their defaults. */
export interface SharedTerms {
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly version: string | undefined;
  readonly lease: number;
  readonly logger: ClusterLogger;
}

/** What the options are called elsewhere. */
export const SHARED_NAMES = {
  connection: ['redis', 'url', 'host', 'port'],
  prefix: ['namespace', 'keyPrefix'],
  version: ['hash'],
  lease: ['lockDuration', 'stalledInterval'],
  logger: ['onWarning'],
};

/** Whatever is wrong with it must not lose a call. */
function safe(logger: ClusterLogger): ClusterLogger {
  return {
    warn: (message) =>
      void attempt(
        () => logger.warn(message),
        () => {},
      ),
  };
}

/** @throws TypeError, RangeError */
export function readShared(given: SharedOptions): SharedTerms {
  const { connection, prefix = 'taskpool', version, lease = 5000, logger = console } = given;
  checkConnection(connection);
  checkName('prefix', prefix);
  optional(checkText)('version', version);
  checkFrom('lease', lease, 100, true);
  if (!hasMethods(logger, 'warn')) refuse('logger to have a method warn', logger);
  return { connection, prefix, version, lease, logger: safe(logger) };
}
