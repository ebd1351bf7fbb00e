/** Options of both sides of a cluster, which must agree. */

import { checkFrom, checkText, hasMethods, optional, refuse } from '../kit/checks.ts';
import { attempt } from '../kit/promises.ts';
import type { RedisConnection } from '../node/redis/connection.ts';
import { checkName } from './names.ts';
import { checkConnection } from './redis.ts';

/** Gets warnings that belong to no task. A subset of `console`. */
export interface ClusterLogger {
  /** Logs a warning. Errors that it throws are ignored. */
  warn(message: string): void;
}

/** Options of both `cluster()` and `serve()`. */
export interface SharedOptions {
  /** The connection to Redis, version 7 or later. A client that is passed in is not closed. */
  readonly connection: RedisConnection;
  /**
   * The prefix of all keys in Redis, for instance one per tenant: 1 to 100 letters, digits, or any of `_ . - { }`.
   * Default: `'taskpool'`.
   */
  readonly prefix?: string;
  /**
   * The version of the module, {@link moduleHash} for instance: a call with a version runs only on workers with the
   * same one. Default: any version.
   */
  readonly version?: string;
  /**
   * Milliseconds without a beat after which a worker counts as dead and its calls fail with `WorkerLost`; at least
   * 100. Default: 5,000.
   */
  readonly lease?: number;
  /**
   * Gets warnings, for instance that Redis does not answer or that no worker serves a function. Default: `console`.
   */
  readonly logger?: ClusterLogger;
}

/** The options with their defaults. */
export interface SharedTerms {
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly version: string | undefined;
  readonly lease: number;
  readonly logger: ClusterLogger;
}

/** Names of similar options elsewhere, for hints in errors. */
export const SHARED_NAMES = {
  connection: ['redis', 'url', 'host', 'port'],
  prefix: ['namespace', 'keyPrefix'],
  version: ['hash'],
  lease: ['lockDuration', 'stalledInterval'],
  logger: ['onWarning'],
};

/** An error of the logger must not lose a call. */
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
  checkFrom('lease', lease, 100);
  if (!hasMethods(logger, 'warn')) refuse('logger to have a method warn', logger);
  return { connection, prefix, version, lease, logger: safe(logger) };
}
