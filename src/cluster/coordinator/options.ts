/** What a coordinator may be told. */

import { OptionBag } from '../../kit/option-bag.ts';
import type { RedisConnection } from '../../node/redis/connection.ts';
import { checkDuration, checkSize, checkText } from '../checks.ts';
import { checkName } from '../names.ts';
import { checkConnection } from '../redis.ts';

/** Where messages go that no task can carry. */
export interface ClusterLogger {
  warn(message: string): void;
}

export interface ClusterOptions {
  /** Where Redis is, version 7 or later. A client that is given is left open. */
  readonly connection: RedisConnection;
  /** What all keys in Redis begin with: one for each tenant. Default: `taskpool`. */
  readonly prefix?: string;
  /** The version of the module that workers have to serve: what they were given as `version`. */
  readonly version?: string;
  /**
   * For how long Redis keeps the result of a call that no one takes, since the coordinator is gone, in
   * milliseconds. Default: a day.
   */
  readonly keepResults?: number;
  /** The largest result, in characters of JSON. Default: 1,000,000. */
  readonly maxResult?: number;
  /** The largest arguments of a call, in characters of JSON. Default: 1,000,000. */
  readonly maxArguments?: number;
  /**
   * Milliseconds without a sign of life after which a worker is dead, and its calls are lost. Workers
   * have to have the same. Default: 5,000.
   */
  readonly lease?: number;
  /**
   * Milliseconds after which a call fails with `WorkerLost` that no worker has begun since none serves
   * its function. Default: it waits.
   */
  readonly waitForWorker?: number;
  /** Gets what no task can carry: that no worker is there, that Redis is away. Default: `console`. */
  readonly logger?: ClusterLogger;
}

export interface CoordinatorOptions {
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly version: string | undefined;
  readonly keepResults: number;
  readonly maxResult: number;
  readonly maxArguments: number;
  readonly lease: number;
  readonly waitForWorker: number;
  readonly logger: ClusterLogger;
}

const OPTIONS = new OptionBag<ClusterOptions>({
  connection: ['redis', 'url', 'host', 'port'],
  prefix: ['namespace', 'keyPrefix'],
  version: ['hash'],
  keepResults: ['removeOnComplete'],
  maxResult: [],
  maxArguments: [],
  lease: ['lockDuration', 'stalledInterval'],
  waitForWorker: ['workerTimeout'],
  logger: ['onWarning'],
});

const DAY = 86_400_000;
const MEGABYTE = 1_000_000;
export const DEFAULT_PREFIX = 'taskpool';
/** Milliseconds. */
export const DEFAULT_LEASE = 5000;

/** @throws TypeError, RangeError */
export function readOptions(given: ClusterOptions): CoordinatorOptions {
  OPTIONS.check('cluster()', given);
  const {
    connection,
    prefix = DEFAULT_PREFIX,
    version,
    keepResults = DAY,
    maxResult = MEGABYTE,
    maxArguments = MEGABYTE,
    lease = DEFAULT_LEASE,
    waitForWorker = Number.POSITIVE_INFINITY,
    logger = console,
  } = given;
  checkConnection(connection);
  checkName('prefix', prefix);
  checkText('version', version);
  checkDuration('keepResults', keepResults, 1000);
  checkDuration('lease', lease, 100);
  checkDuration('waitForWorker', waitForWorker, 1);
  checkSize('maxResult', maxResult);
  checkSize('maxArguments', maxArguments);
  return {
    connection,
    prefix,
    version,
    keepResults,
    maxResult,
    maxArguments,
    lease,
    waitForWorker,
    logger,
  };
}
