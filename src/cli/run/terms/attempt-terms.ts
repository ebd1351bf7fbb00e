/** Converts the timeouts and retries on the command line to options of the pool. */

import type { AttemptOptions, RetryWhen } from '../../../index.ts';

/** The given terms; undefined if not given. Durations are in milliseconds. */
export interface AttemptTerms {
  /** The number of retries after a failure. Default: 0. */
  readonly retries?: number | undefined;
  /** The approximate delay before the first retry; it doubles with each retry. Default: 1000. */
  readonly retryDelay?: number | undefined;
  /** The timeout of an attempt. */
  readonly timeout?: number | undefined;
  /** The timeout as a percentage of the median of successful attempts. */
  readonly timeoutPercent?: number | undefined;
  /** From when an item is taken from the input to its end, including all attempts. */
  readonly deadline?: number | undefined;
}

const RETRY_DELAY = 1000;
/** The longest delay, in milliseconds. */
const MAX_DELAY = 60_000;

/**
 * @param when which failures are retried.
 */
export function attemptOptions(terms: AttemptTerms, when: RetryWhen): AttemptOptions {
  const { retries = 0, retryDelay = RETRY_DELAY, timeout, deadline } = terms;
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(retries === 0
      ? {}
      : {
          retry: {
            limit: retries,
            delay: retryDelay,
            factor: 2,
            maxDelay: MAX_DELAY,
            // So that items that failed together are not retried together.
            jitter: 'equal',
            when,
          },
        }),
  };
}
