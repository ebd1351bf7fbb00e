/** The options and status of a worker. */

import { checkCount, checkFrom, checkGrace } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { attempt } from '../../kit/promises.ts';
import { checkFunction } from '../../pool/options/check-function.ts';
import { messageOf } from '../faults.ts';
import { readShared, SHARED_NAMES, type SharedOptions, type SharedTerms } from '../options.ts';

/** A call that a worker has finished. */
export interface JobReport {
  /** The name of the function, as it is served. */
  readonly functionName: string;
  /** The name of the pool that made the call. */
  readonly poolName: string;
  /** The id of the task in its pool. */
  readonly id: number;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /**
   * `returned`: another worker is to run it. `refused`: it was not run. `lost`: Redis lost it, or could not be
   * reached.
   */
  readonly outcome: 'fulfilled' | 'rejected' | 'cancelled' | 'returned' | 'refused' | 'lost';
  /** The running time of the function in milliseconds. */
  readonly ran: number;
  /** The error message of a failed call. */
  readonly error?: string;
}

/** Options of `serve()`. */
export interface ServeOptions extends SharedOptions {
  /** The number of calls that run concurrently. Default: 1. */
  readonly concurrency?: number;
  /**
   * Milliseconds for which the event loop must be blocked until a warning is logged; at least 1, `Infinity` for
   * never. Default: 1,000.
   */
  readonly blocked?: number;
  /** Called with each call that this worker has finished. Errors that it throws are logged. Default: none. */
  readonly onJob?: (report: JobReport) => void;
}

export interface WorkerOptions extends SharedTerms {
  readonly concurrency: number;
  readonly blocked: number;
  readonly onJob: (report: JobReport) => void;
}

/** The state of a worker. */
export interface WorkerStatus {
  /** The id of the worker, as in {@link ClusterWorker.id}. */
  readonly id: string;
  /** The name of the cluster. */
  readonly name: string;
  /** The names of the functions that it serves. */
  readonly functions: readonly string[];
  /** `stopping` from the call of `close()` until the worker is `closed`. */
  readonly state: 'serving' | 'stopping' | 'closed';
  /** Whether Redis has received a beat within the lease. */
  readonly isAlive: boolean;
  /** The maximum number of concurrent calls. */
  readonly concurrency: number;
  /** The number of running calls. */
  readonly running: number;
  /** The number of finished calls, by outcome. */
  readonly totals: Readonly<Record<JobReport['outcome'], number>>;
  /**
   * How many times the event loop was blocked for longer than the option `blocked`, and the longest time in
   * milliseconds.
   */
  readonly blocked: { readonly times: number; readonly longest: number };
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface CloseOptions {
  /** Milliseconds that running calls have to finish, or `Infinity`. Default: 10,000. */
  readonly grace?: number;
}

/** A worker of a cluster, which runs calls of coordinators until it is closed. */
export interface ClusterWorker extends AsyncDisposable {
  /** The id of the worker, by which coordinators know it: `host:pid:` and random characters. */
  readonly id: string;
  /** The current state of the worker. */
  status(): WorkerStatus;
  /**
   * Closes the worker gracefully: accepts nothing new and waits for running calls. Calls that are still running after
   * `grace` milliseconds (default: 10,000) are aborted and given back to the queue, so that another worker runs them.
   *
   * @throws TypeError, RangeError for invalid options.
   */
  close(options?: CloseOptions): Promise<void>;
}

const OPTIONS = new OptionBag<ServeOptions>({
  ...SHARED_NAMES,
  concurrency: ['numConcurrent', 'poolSize'],
  blocked: [],
  onJob: ['onCompleted'],
});

export const closeOptions = new OptionBag<CloseOptions>({ grace: [checkGrace, 'timeout'] });

/** @throws TypeError, RangeError */
export function readServeOptions(given: ServeOptions): WorkerOptions {
  OPTIONS.check('serve()', given);
  const shared = readShared(given);
  const { concurrency = 1, blocked = 1000, onJob = () => {} } = given;
  checkCount('concurrency', concurrency, 1);
  checkFrom('blocked', blocked, 1, true);
  checkFunction('onJob', onJob);
  const failed = (error: unknown) => shared.logger.warn(`onJob has failed: ${messageOf(error)}`);
  const report = (job: JobReport): void => void attempt(() => onJob(job), failed);
  return { ...shared, concurrency, blocked, onJob: report };
}
