/** Checks of the option `retry`. */

import { checkFrom, checkGrace, checkLimit, checkOneOf, refuse } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { checkFunction } from '../options/check-function.ts';
import type { RetryOptions } from './attempt-options.ts';

const retryOptions = new OptionBag<RetryOptions>({
  limit: [checkLimit, 'times', 'attempts', 'retries'],
  delay: [checkFrom, 'minTimeout', 'interval'],
  factor: [(name, value) => checkFrom(name, value, 1), 'exponent', 'multiplier'],
  maxDelay: [checkGrace, 'maxTimeout'],
  jitter: [checkOneOf('none', 'full', 'equal'), 'randomize'],
  when: [checkFunction, 'shouldRetry', 'retryIf'],
});

/** @throws TypeError, RangeError, NotAFunction for invalid options. */
export function checkRetry(name: string, retry: unknown): void {
  checkPartOfRetry(name, retry);
  if (typeof retry === 'object') checkLimit(`${name}.limit`, (retry as RetryOptions).limit);
}

/** Like {@link checkRetry}, for a recovery: missing options are taken from the journal. */
export function checkPartOfRetry(name: string, retry: unknown): void {
  if (typeof retry === 'number') checkLimit(name, retry);
  else if (typeof retry === 'object' && retry !== null) retryOptions.check(name, retry, `${name}.`);
  else refuse(`${name} to be a number or an object`, retry);
}
