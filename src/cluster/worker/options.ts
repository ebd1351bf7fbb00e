/** What a worker may be told, and what it tells. */

import { OptionBag } from '../../kit/option-bag.ts';
import type { RedisConnection } from '../../node/redis/connection.ts';
import { checkDuration, checkText } from '../checks.ts';
import { type ClusterLogger, DEFAULT_LEASE, DEFAULT_PREFIX } from '../coordinator/options.ts';
import { checkName } from '../names.ts';
import { checkConnection } from '../redis.ts';

/** A call that a worker is done with. */
export interface JobReport {
  readonly functionName: string;
  readonly poolName: string;
  /** Of the task, in its pool. */
  readonly id: number;
  readonly attempt: number;
  /** `returned`: another worker is to run it. */
  readonly outcome: 'fulfilled' | 'rejected' | 'cancelled' | 'returned' | 'refused' | 'lost';
  /** Milliseconds that the function took. */
  readonly ran: number;
  /** What it has failed with. */
  readonly error?: string;
}

export interface ServeOptions {
  /** Where Redis is, version 7 or later. A client that is given is left open. */
  readonly connection: RedisConnection;
  /** How many calls run at once. Default: 1. */
  readonly concurrency?: number;
  /** As that of the coordinators. Default: `taskpool`. */
  readonly prefix?: string;
  /** What coordinators may ask for as `version`: a hash of the module, for instance. */
  readonly version?: string;
  /** As that of the coordinators, in milliseconds. Default: 5,000. */
  readonly lease?: number;
  /** Milliseconds of a blocked event loop after which it is said. Default: 1,000. */
  readonly blocked?: number;
  /** Gets what goes wrong. Default: `console`. */
  readonly logger?: ClusterLogger;
  /** Called with each call that this worker is done with. */
  readonly onJob?: (report: JobReport) => void;
}

export interface WorkerOptions {
  readonly connection: RedisConnection;
  readonly concurrency: number;
  readonly prefix: string;
  readonly version: string | undefined;
  readonly lease: number;
  readonly blocked: number;
  readonly logger: ClusterLogger;
  readonly onJob: (report: JobReport) => void;
}

/** How a worker does. */
export interface WorkerStatus {
  readonly id: string;
  readonly name: string;
  readonly functions: readonly string[];
  readonly state: 'serving' | 'stopping' | 'closed';
  /** Whether Redis heard of it within the lease. */
  readonly isAlive: boolean;
  readonly concurrency: number;
  /** Calls that run. */
  readonly running: number;
  /** Calls that are over, by outcome. */
  readonly totals: Readonly<Record<JobReport['outcome'], number>>;
  /** How often the event loop was blocked for longer than the option `blocked`, and the longest of it, in ms. */
  readonly blocked: { readonly times: number; readonly longest: number };
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface ClusterWorker extends AsyncDisposable {
  /** As coordinators name it: `host:pid` and more. */
  readonly id: string;
  status(): WorkerStatus;
  /**
   * Takes nothing new, lets what runs end, aborts after `grace` milliseconds (default: 10,000) what still
   * runs, and gives that back to the queue, so that another worker runs it.
   */
  close(options?: { readonly grace?: number }): Promise<void>;
}

const OPTIONS = new OptionBag<ServeOptions>({
  connection: ['redis', 'url', 'host', 'port'],
  concurrency: ['numConcurrent', 'poolSize'],
  prefix: ['namespace', 'keyPrefix'],
  version: ['hash'],
  lease: ['lockDuration', 'stalledInterval'],
  blocked: [],
  logger: ['onWarning'],
  onJob: ['onCompleted'],
});

/** @throws TypeError, RangeError */
export function readServeOptions(given: ServeOptions): WorkerOptions {
  OPTIONS.check('serve()', given);
  const {
    connection,
    concurrency = 1,
    prefix = DEFAULT_PREFIX,
    version,
    lease = DEFAULT_LEASE,
    blocked = 1000,
    logger = console,
    onJob = () => {},
  } = given;
  checkConnection(connection);
  checkName('prefix', prefix);
  checkText('version', version);
  checkDuration('lease', lease, 100);
  checkDuration('blocked', blocked, 1);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`expected concurrency to be a whole number from 1 on, got ${concurrency}`);
  }
  return { connection, concurrency, prefix, version, lease, blocked, logger, onJob };
}
