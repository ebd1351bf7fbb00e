/** The types of command parameters: how they are parsed, and which values they accept. */

import {
  EVENT_TYPES,
  type EventType,
  type LimitKey,
  type Rate,
  type TaskState,
} from '../../index.ts';
import { integerFrom } from '../../kit/checks.ts';
import { inAnyCase } from './any-case.ts';
import { readLiteral, readNumber } from './literal.ts';

/** Sources of completion candidates. */
export type Candidates = 'commands' | 'functions' | 'groups' | 'limits' | 'pools';

/** A type of values. */
export interface ValueType<T> {
  /** The description in error messages: "a non-negative integer". */
  readonly expected: string;
  /** Appended to the help of a parameter of this type. */
  readonly hint?: string;
  /** Parses a word of a command line; the result is then checked with `accepts`. */
  fromText(text: string): unknown;
  /** Converts a value of a JSON request. Default: unchanged. */
  fromJson?(value: unknown): unknown;
  accepts(value: unknown): value is T;
  /** All values if they are few, or the source of candidates. */
  readonly candidates?: readonly string[] | Candidates;
}

function whole(least: number): ValueType<number> {
  const expected = integerFrom(least);
  return {
    expected,
    hint: expected,
    fromText: readNumber,
    accepts: (value): value is number => Number.isSafeInteger(value) && (value as number) >= least,
  };
}

/** An integer or `Infinity`, which is `null` in JSON, where `1e400` is just too large. */
function limit(least: number): ValueType<number> {
  const finite = whole(least);
  const expected = `${finite.expected} or Infinity`;
  return {
    expected,
    hint: expected,
    fromText: readNumber,
    fromJson: (value) => {
      if (value === null) return Number.POSITIVE_INFINITY;
      return value === Number.POSITIVE_INFINITY ? Number.NaN : value;
    },
    accepts: (value): value is number =>
      value === Number.POSITIVE_INFINITY || finite.accepts(value),
  };
}

/** Milliseconds, above 0. */
export const DURATION: ValueType<number> = {
  expected: 'a number of milliseconds above 0',
  hint: 'a number of milliseconds above 0',
  fromText: readNumber,
  accepts: (value): value is number =>
    typeof value === 'number' && value > 0 && Number.isFinite(value),
};

function oneOf<const T extends string>(values: readonly T[]): ValueType<T> {
  const expected = `one of ${values.join(', ')}`;
  return {
    expected,
    hint: expected,
    fromText: (text) => text,
    accepts: (value): value is T => values.includes(value as T),
    candidates: values,
  };
}

function text(expected: string, candidates?: Candidates): ValueType<string> {
  return {
    expected,
    fromText: (word) => word,
    accepts: (value): value is string => typeof value === 'string' && value !== '',
    ...(candidates === undefined ? {} : { candidates }),
  };
}

const TASK_STATES = Object.keys({
  queued: true,
  running: true,
  cancelling: true,
  timedOut: true,
  delayed: true,
  cancelled: true,
  ended: true,
} satisfies Record<TaskState, true>) as TaskState[];

export const COUNT = whole(0);
export const POSITIVE = whole(1);
export const SIZE = limit(0);
export const LIMIT = limit(1);
export const STATE = oneOf(TASK_STATES);
/** Not listed in errors, since there are too many. */
export const EVENT_TYPE: ValueType<EventType> = {
  ...oneOf(EVENT_TYPES),
  expected: 'a type of events',
};
/** Enough for each type several times. */
const MAX_TYPES = 1000;
/** Several types, separated by commas; an array in JSON. */
export const EVENT_TYPES_LIST: ValueType<readonly EventType[]> = {
  expected: 'types of events',
  fromText: (word) => word.split(',').map((type) => inAnyCase(type, EVENT_TYPES)),
  accepts: (value): value is readonly EventType[] =>
    Array.isArray(value) &&
    value.length <= MAX_TYPES &&
    value.every((type) => EVENT_TYPE.accepts(type)),
};
/** The unit of a range: numbers of events or time. */
export const MEASURE = oneOf(['seq', 'time']);
/** Any finite number. */
export const NUMBER: ValueType<number> = {
  expected: 'a finite number',
  fromText: readNumber,
  accepts: (value): value is number => Number.isFinite(value),
};
/** Milliseconds, at least 0. */
export const MILLISECONDS: ValueType<number> = {
  expected: 'a non-negative number of milliseconds',
  fromText: readNumber,
  accepts: (value): value is number => Number.isFinite(value) && (value as number) >= 0,
};
/** The name of a limit. */
export const LIMIT_NAME = text('the name of a limit', 'limits');
/** A key of a limit; `true` stands for the only key of a limit without keys. */
export const KEY: ValueType<LimitKey> = {
  expected: 'a key: a text, a number or true',
  fromText: (word) => (word === 'true' ? true : word),
  accepts: (value): value is LimitKey =>
    value === true || typeof value === 'string' || Number.isFinite(value),
};
/** A rate: `10/1000` is ten per second; also `10/1000/spread` and `none`. */
export const RATE: ValueType<Rate | 'none'> = {
  expected: 'a rate as 10/1000, ten in a second, or none',
  fromText(word) {
    if (word === 'none') return word;
    const [max, per, spread] = word.split('/');
    const rate = { max: readNumber(max ?? ''), per: readNumber(per ?? '') };
    return spread === 'spread' ? { ...rate, spread: true } : spread === undefined ? rate : word;
  },
  accepts: (value): value is Rate | 'none' => {
    const { max, per } = Object(value) as { max?: unknown; per?: unknown };
    return value === 'none' || (Number.isSafeInteger(max) && Number.isFinite(per));
  },
};
/** The id of a task, or the key of a submission with the option `unique`. */
export const TASK_OR_KEY: ValueType<number | string> = {
  expected: 'the id of a task or the key of a submission',
  fromText: (word) => (/^\d+$/.test(word) ? Number(word) : word),
  accepts: (value): value is number | string =>
    (Number.isSafeInteger(value) && (value as number) >= 0) ||
    (typeof value === 'string' && value !== ''),
};
/** The id of a task, the key of a submission, or the name of a group. */
export const TASK_OR_NAME: ValueType<number | string> = {
  ...TASK_OR_KEY,
  expected: 'the id of a task, the key of a submission or the name of a group',
  candidates: 'groups',
};
export const FUNCTION = text('the name of a function', 'functions');
export const GROUP = text('the name of a group', 'groups');
export const NEW_NAME = text('a name');
export const POOL = text('the name of a pool', 'pools');
export const COMMAND = text('the name of a command', 'commands');

/** Any string, including the empty one. */
export const TEXT: ValueType<string> = {
  expected: 'a text',
  fromText: (word) => word,
  accepts: (value): value is string => typeof value === 'string',
};

export const ARRAY: ValueType<readonly unknown[]> = {
  expected: 'an array',
  fromText: readLiteral,
  accepts: (value): value is readonly unknown[] => Array.isArray(value),
};

export const ARRAYS: ValueType<readonly (readonly unknown[])[]> = {
  expected: 'an array of arrays',
  fromText: readLiteral,
  accepts: (value): value is readonly (readonly unknown[])[] =>
    Array.isArray(value) && value.every(Array.isArray),
};

export const OBJECT: ValueType<object> = {
  expected: 'an object',
  fromText: readLiteral,
  accepts: isPlainObject,
};

export const OBJECTS: ValueType<readonly object[]> = {
  expected: 'an array of objects',
  fromText: readLiteral,
  accepts: (value): value is readonly object[] =>
    Array.isArray(value) && value.every(isPlainObject),
};

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
