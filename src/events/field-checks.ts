/** The types of event fields, each with its check. */

/** What a field of an event may hold. */
export interface FieldCheck {
  /** In words, for error messages: "a non-negative integer". */
  readonly expected: string;
  /** Whether the field may be missing. */
  readonly isOptional: boolean;
  accepts(value: unknown): boolean;
}

function check(expected: string, accepts: (value: unknown) => boolean): FieldCheck {
  return { expected, isOptional: false, accepts };
}

export const whole = check('a non-negative integer', isWhole);

export const text = check('a string', (value) => typeof value === 'string');

export const finite = check('a finite number', (value) => Number.isFinite(value));

export const flag = check('true or false', (value) => typeof value === 'boolean');

/** A limit; `null` stands for none, since JSON has no `Infinity`. */
export const limit = check(
  'a non-negative integer or null',
  (value) => value === null || isWhole(value),
);

/** Any value that JSON has. */
export const anyJson = check('a JSON value', (value) => value !== undefined);

export const list = check('an array', Array.isArray);

export const texts = check(
  'an array of strings',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
);

export const wholes = check(
  'an array of non-negative integers',
  (value) => Array.isArray(value) && value.every(isWhole),
);

/** Milliseconds: a duration, or since the epoch. */
export const time = check('a non-negative number', isTime);

const JITTER: readonly unknown[] = ['none', 'full', 'equal'];

export const retryNumbers = check(
  'a retry policy with limit, delay, factor, maxDelay and jitter',
  (value) => {
    const {
      limit: count,
      delay,
      factor,
      maxDelay,
      jitter,
    } = Object(value) as Partial<Record<string, unknown>>;
    return (
      limit.accepts(count) &&
      isTime(delay) &&
      isTime(factor) &&
      (maxDelay === null || isTime(maxDelay)) &&
      JITTER.includes(jitter)
    );
  },
);

export const errorData = check('an error with name and message', (value) => {
  const { name, message } = Object(value) as { name?: unknown; message?: unknown };
  return typeof name === 'string' && typeof message === 'string';
});

const RETAIN: readonly unknown[] = ['all', 'errors', 'none'];

export const retain = check(
  "'all', 'errors', 'none' or a non-negative integer",
  (value) => RETAIN.includes(value) || isWhole(value),
);

export function oneOf(...values: readonly string[]): FieldCheck {
  return check(`one of ${values.join(', ')}`, (value) => values.includes(value as string));
}

/** Makes a field optional. */
export function optional({ expected, accepts }: FieldCheck): FieldCheck {
  return { expected, accepts, isOptional: true };
}

/** A key of a limit. */
export const limitKey = check(
  'a string, a number or true',
  (value) => value === true || typeof value === 'string' || Number.isFinite(value),
);

export const rate = check('a rate with max and per, or null', (value) => {
  const { max, per } = Object(value) as { max?: unknown; per?: unknown };
  return value === null || (isWhole(max) && Number.isFinite(per));
});

/** An object all of whose values pass a check. */
export function recordOf({ expected, accepts }: FieldCheck): FieldCheck {
  return check(
    `an object with values that are ${expected}`,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((each) => accepts(each)),
  );
}

export const limitNumbers = check('an object with concurrent and rate', (value) => {
  const { concurrent, rate: rateOf } = Object(value) as { concurrent?: unknown; rate?: unknown };
  return limit.accepts(concurrent) && rate.accepts(rateOf);
});

/** Accepts `null` as well. */
export function orNull({ expected, isOptional, accepts }: FieldCheck): FieldCheck {
  return {
    expected: `${expected} or null`,
    isOptional,
    accepts: (value) => value === null || accepts(value),
  };
}

export const submittedCalls = check(
  'an array of calls, each with an index',
  (value) => Array.isArray(value) && value.every(isSubmittedCall),
);

function isSubmittedCall(value: unknown): boolean {
  const { index, args, priority, keys, unique, at, retry } = Object(value) as Record<
    string,
    unknown
  >;
  return (
    isWhole(index) &&
    (args === undefined || Array.isArray(args)) &&
    (priority === undefined || Number.isFinite(priority)) &&
    (keys === undefined || recordOf(limitKey).accepts(keys)) &&
    (unique === undefined || typeof unique === 'string') &&
    (at === undefined || isTime(at)) &&
    (retry === undefined || retryNumbers.accepts(retry))
  );
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}
