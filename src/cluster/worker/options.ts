/** The options of a worker, and what it reports. */

import { checkCount, checkFrom } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { attempt } from '../../kit/promises.ts';
import { checkFunction } from '../../pool/options/check-function.ts';
import { messageOf } from '../faults.ts';
import { readShared, SHARED_NAMES, type SharedOptions, type SharedTerms } from '../options.ts';

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

export interface ServeOptions extends SharedOptions {
  /** How many calls run at once. Default: 1. */
  readonly concurrency?: number;
  /** Milliseconds of a blocked event loop after which it is said. Default: 1,000. */
  readonly blocked?: number;
  /** Called with each call that this worker is done with. What it throws goes to `logger`. */
  readonly onJob?: (report: JobReport) => void;
}

export interface WorkerOptions extends SharedTerms {
  readonly concurrency: number;
  readonly blocked: number;
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
  ...SHARED_NAMES,
  concurrency: ['numConcurrent', 'poolSize'],
  blocked: [],
  onJob: ['onCompleted'],
});

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
