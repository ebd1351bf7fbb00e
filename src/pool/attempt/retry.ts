/** Decides whether a failed attempt is retried, and when: a pure function. */

import type { RetryNumbers } from '../../events/events.ts';
import { describe } from '../../kit/checks.ts';
import { markHandled } from '../../kit/promises.ts';
import { read } from '../../kit/realms.ts';
import type { RetryAttempt, RetryWhen } from './attempt-options.ts';

/** When failed tasks are retried: the numbers in the journal, and the function that is not in it. */
export interface RetryPolicy extends RetryNumbers {
  readonly when: RetryWhen | undefined;
}

/** Longer delays are cut to this one, about 30 years: times must stay numbers that a date can hold. */
const LONGEST = 1e12;

/**
 * The delay of the next attempt in milliseconds; false if there is none.
 *
 * @param failures how many failed attempts were retried before.
 * @param random a number from 0 to below 1.
 * @throws what `when` throws, TypeError if it returns neither a boolean nor a number of milliseconds.
 */
export function delayAfter(
  policy: RetryPolicy,
  failures: number,
  error: unknown,
  attempt: RetryAttempt,
  random: number,
): number | false {
  if (policy.limit !== null && failures >= policy.limit) return false;
  const answer: unknown = policy.when?.(error, attempt) ?? true;
  if (answer === false) return false;
  if (answer !== true) return checkedDelay(answer);
  return retryAfterOf(error) ?? backoff(policy, failures, random);
}

/** The delay by the numbers of the policy. */
export function backoff(policy: RetryNumbers, failures: number, random: number): number {
  const { delay, factor, maxDelay, jitter } = policy;
  // The power may be infinite, and none of it is 0.
  const grown = delay === 0 ? 0 : delay * factor ** failures;
  const full = Math.min(grown, maxDelay ?? LONGEST, LONGEST);
  if (jitter === 'full') return full * random;
  return jitter === 'equal' ? (full * (1 + random)) / 2 : full;
}

/** The delay that an error asks for, such as the `Retry-After` of a response. */
function retryAfterOf(error: unknown): number | undefined {
  const ms = read(error, 'retryAfter');
  return isDelay(ms) ? Math.min(ms, LONGEST) : undefined;
}

function checkedDelay(answer: unknown): number {
  if (isDelay(answer)) return Math.min(answer, LONGEST);
  markHandled(answer);
  throw new TypeError(
    `expected retry.when to return a boolean or a non-negative number of milliseconds, got ${describe(answer)}`,
  );
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
