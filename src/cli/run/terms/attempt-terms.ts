/** How long items may take, and how often they are tried: as options of the pool. */

import type { AttemptOptions, RetryWhen } from '../../../index.ts';

/** What is said of that; what is not said is undefined. Durations are in milliseconds. */
export interface AttemptTerms {
  /** How often to try again after a failure. Default: 0. */
  readonly retries?: number | undefined;
  /** Before the first retry, about; each one after it waits twice as long. Default: 1000. */
  readonly retryDelay?: number | undefined;
  /** Until an attempt is aborted. */
  readonly timeout?: number | undefined;
  /** The same as a percentage of the median of the attempts that have succeeded. */
  readonly timeoutPercent?: number | undefined;
  /** From when an item is taken from the input to its end, all attempts included. */
  readonly deadline?: number | undefined;
}

const RETRY_DELAY = 1000;
/** No delay is longer, in milliseconds. */
const MAX_DELAY = 60_000;

/** @param when which failures are followed by another attempt. */
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
            // What failed together is not tried again together.
            jitter: 'equal',
            when,
          },
        }),
  };
}
