/** The options of `cluster()`. */

import { checkFrom, checkPositiveLimit } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { classesOf, type ErrorClass, type ErrorClasses } from '../../remote/errors.ts';
import { readShared, SHARED_NAMES, type SharedOptions, type SharedTerms } from '../options.ts';

/** Options of `cluster()`. */
export interface ClusterOptions extends SharedOptions {
  /**
   * How long Redis keeps the result of a call if the coordinator is gone, in milliseconds, at least 1,000. Default:
   * 86,400,000, a day.
   */
  readonly keepResults?: number;
  /** The maximum size of a result, in characters of JSON. Default: 1,000,000. */
  readonly maxResult?: number;
  /** The maximum size of the arguments of a call, in characters of JSON. Default: 1,000,000. */
  readonly maxArguments?: number;
  /**
   * Milliseconds after which a call fails with `WorkerLost` if no worker serves its function; at least 1. Default:
   * `Infinity`.
   */
  readonly waitForWorker?: number;
  /**
   * Error classes of your own, recognized by the name of the class: errors from workers become instances of them.
   * Their constructors are not called. Default: the classes of the platform and of this package.
   */
  readonly errors?: readonly ErrorClass[];
}

export interface CoordinatorOptions extends SharedTerms {
  readonly keepResults: number;
  readonly maxResult: number;
  readonly maxArguments: number;
  readonly waitForWorker: number;
  readonly errors: ErrorClasses;
}

const OPTIONS = new OptionBag<ClusterOptions>({
  ...SHARED_NAMES,
  keepResults: ['removeOnComplete'],
  maxResult: [],
  maxArguments: [],
  waitForWorker: ['workerTimeout'],
  errors: ['errorClasses'],
});

const DAY = 86_400_000;
const MEGABYTE = 1_000_000;

/** @throws TypeError, RangeError */
export function readOptions(given: ClusterOptions): CoordinatorOptions {
  OPTIONS.check('cluster()', given);
  const shared = readShared(given);
  const {
    keepResults = DAY,
    maxResult = MEGABYTE,
    maxArguments = MEGABYTE,
    waitForWorker = Number.POSITIVE_INFINITY,
    errors,
  } = given;
  checkFrom('keepResults', keepResults, 1000);
  checkPositiveLimit('maxResult', maxResult);
  checkPositiveLimit('maxArguments', maxArguments);
  checkFrom('waitForWorker', waitForWorker, 1, true);
  const known = classesOf(errors);
  return { ...shared, keepResults, maxResult, maxArguments, waitForWorker, errors: known };
}
