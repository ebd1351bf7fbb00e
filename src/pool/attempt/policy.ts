/** The timeouts and retries of a group: numbers, which the journal stores, and functions, which it cannot. */

import { defined } from '../../events/event-columns.ts';
import type { RetryNumbers } from '../../events/events.ts';
import { hasFieldsOf } from '../../kit/same-fields.ts';
import type { GroupPolicy } from '../../machines/group-identity.ts';
import { limitFromJson, limitToJson } from '../../machines/limits.ts';
import type {
  AttemptOptions,
  RecoveredAttemptOptions,
  RetryOptions,
  RetryWhen,
} from './attempt-options.ts';
import type { RetryPolicy } from './retry.ts';

/** The default of the option `maxInterruptions`. */
export const MAX_INTERRUPTIONS = 5;

/** How long the tasks of a group may take and how often they are run. */
export interface Policy {
  /** The part that the journal contains. */
  readonly numbers: GroupPolicy;
  readonly retry: RetryPolicy | undefined;
}

/** The policy of checked options; undefined if they have none of these options, as most do. */
export function policyOf(options: AttemptOptions): Policy | undefined {
  const { timeout, waitTimeout, deadline, retry, maxInterruptions } = options;
  if ((timeout ?? waitTimeout ?? deadline ?? retry ?? maxInterruptions) === undefined) {
    return undefined;
  }
  // Most calls have the same options as the previous one. An object as `retry` is not compared.
  if (typeof retry === 'object') return makePolicy(options);
  if (last === undefined || !hasFieldsOf<Numbers>(options, last.options)) {
    const numbersOnly = { timeout, waitTimeout, deadline, retry, maxInterruptions };
    last = { options: numbersOnly, policy: makePolicy(options) };
  }
  return last.policy;
}

/** The options of a call without functions. */
type Numbers = { readonly [Name in keyof AttemptOptions]: AttemptOptions[Name] | undefined };

/** The last policy that was created of numbers only. */
let last: { readonly options: Numbers; readonly policy: Policy } | undefined;

function makePolicy(options: AttemptOptions): Policy {
  const { timeout, waitTimeout, deadline, retry, maxInterruptions } = options;
  const numbers = defined({
    timeout: finite(timeout),
    waitTimeout: finite(waitTimeout),
    deadline: finite(deadline),
    retry: retry === undefined ? undefined : retryNumbers(retry),
    maxInterruptions: maxInterruptions === undefined ? undefined : limitToJson(maxInterruptions),
  });
  return policyFrom(numbers, whenOf(options));
}

/** The policy with the numbers of a journal and the function that no journal contains. */
function policyFrom(numbers: GroupPolicy, when: RetryWhen | undefined): Policy {
  const { retry } = numbers;
  return { numbers, retry: retry && { ...retry, when } };
}

/**
 * The policy of a recovered group: the options of the recovery override the journal.
 *
 * @param numbers of the journal, if it has any.
 */
export function recoveredPolicy(
  numbers: GroupPolicy | undefined,
  given: RecoveredAttemptOptions,
  when: RetryWhen | undefined,
): Policy | undefined {
  const retry = recoveredRetry(numbers?.retry, given.retry);
  const { timeout, waitTimeout, deadline, maxInterruptions } = given;
  const said = makePolicy({ timeout, waitTimeout, deadline, maxInterruptions } as AttemptOptions);
  const both = { ...numbers, ...said.numbers, ...(retry === undefined ? {} : { retry }) };
  // Time limits that the recovery removes.
  if (timeout === Number.POSITIVE_INFINITY) delete both.timeout;
  if (waitTimeout === Number.POSITIVE_INFINITY) delete both.waitTimeout;
  if (deadline === Number.POSITIVE_INFINITY) delete both.deadline;
  return Object.keys(both).length === 0 ? undefined : policyFrom(both, when);
}

function recoveredRetry(
  stored: RetryNumbers | undefined,
  given: RecoveredAttemptOptions['retry'],
): RetryNumbers | undefined {
  if (given === undefined) return stored;
  const { limit, ...others } = typeof given === 'number' ? { limit: given } : given;
  if (limit === undefined && stored === undefined) return undefined;
  const before = stored && {
    ...stored,
    limit: limitFromJson(stored.limit),
    maxDelay: limitFromJson(stored.maxDelay),
  };
  const options = { ...before, ...others, ...(limit === undefined ? {} : { limit }) };
  return retryNumbers(options as RetryOptions);
}

/** The function that decides about retries, if there is one. */
export function whenOf({ retry }: AttemptOptions): RetryWhen | undefined {
  return typeof retry === 'object' ? retry.when : undefined;
}

/** Leaves out `Infinity`. */
function finite(value: number | undefined): number | undefined {
  return value === Number.POSITIVE_INFINITY ? undefined : value;
}

function retryNumbers(retry: number | RetryOptions): RetryNumbers {
  const {
    limit,
    delay = 1000,
    factor = 2,
    maxDelay = Number.POSITIVE_INFINITY,
    jitter = 'none',
  } = typeof retry === 'number' ? { limit: retry } : retry;
  return { limit: limitToJson(limit), delay, factor, maxDelay: limitToJson(maxDelay), jitter };
}
