/** Argument checks: each throws at the call and names what was expected and what was given. */

import { oneLine, quoted } from './printed.ts';
import { isArray, isObject, read } from './realms.ts';

/** Throws if a value is invalid; `name` is its name in the error. */
export type Check = (name: string, value: unknown) => void;

/** A short text for any value in an error message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'function') return `function ${nameOf(value) || 'anonymous'}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    return `an object (${nameOf(read(value, 'constructor')) ?? 'no prototype'})`;
  }
  return oneLine(String(value));
}

/** The name of a function or class; undefined if it has none. */
function nameOf(fn: unknown): string | undefined {
  const name = read(fn, 'name');
  return typeof name === 'string' ? oneLine(name) : undefined;
}

/** @throws TypeError with what was expected and given. */
export function refuse(expected: string, given: unknown): never {
  throw new TypeError(`expected ${expected}, got ${describe(given)}`);
}

/** Whether a value has methods with these names or symbols. */
export function hasMethods(value: unknown, ...names: readonly PropertyKey[]): boolean {
  return names.every((name) => typeof read(value, name) === 'function');
}

/** A check that throws a TypeError; `expected` in words: `an array`. */
export function checkOf(expected: string, accepts: (value: unknown) => boolean): Check {
  return (name, value) => {
    if (!accepts(value)) refuse(`${name} to be ${expected}`, value);
  };
}

/** A check that accepts undefined as well. */
export function optional(check: Check): Check {
  return (name, value) => {
    if (value !== undefined) check(name, value);
  };
}

/** A check for one of several strings. */
export function checkOneOf(...texts: readonly string[]): Check {
  const last = texts.length - 1;
  const listed = texts.map((text) => `'${text}'`);
  const expected = `${listed.slice(0, last).join(', ')} or ${listed[last]}`;
  return checkOf(expected, (value) => texts.includes(value as string));
}

/** @throws TypeError if it is not a number, RangeError if it is not accepted. */
export function checkNumber(
  name: string,
  value: unknown,
  expected: string,
  accepts: (value: number) => boolean,
): void {
  if (typeof value !== 'number') refuse(`${name} to be a number`, value);
  if (accepts(value)) return;
  throw new RangeError(`expected ${name} to be ${expected}, got ${value}`);
}

/** In words: `a positive integer`. */
export function integerFrom(least: number): string {
  if (least > 1) return `an integer of at least ${least}`;
  return `a ${least === 0 ? 'non-negative' : 'positive'} integer`;
}

/** @throws TypeError if it is not a number, RangeError if it is not an integer of at least `least`. */
export function checkCount(name: string, value: unknown, least = 0, or = ''): void {
  const isRight = (number: number) => Number.isSafeInteger(number) && number >= least;
  checkNumber(name, value, integerFrom(least) + or, isRight);
}

/** Like {@link checkCount}, but accepts `Infinity`. */
export function checkLimit(name: string, value: unknown, least = 0): void {
  if (value !== Number.POSITIVE_INFINITY) checkCount(name, value, least, ' or Infinity');
}

/** Like {@link checkLimit}, for a positive integer. */
export function checkPositiveLimit(name: string, value: unknown): void {
  checkLimit(name, value, 1);
}

/** @throws TypeError if it is not a number, RangeError unless it is above 0; `Infinity` is accepted. */
export function checkDuration(name: string, value: unknown): void {
  const expected = 'a number of milliseconds above 0 or Infinity';
  checkNumber(name, value, expected, (ms) => ms > 0);
}

/** @throws TypeError if it is not a number, RangeError if it is below `least`. */
export function checkFrom(name: string, value: unknown, least = 0, mayBeInfinite = false): void {
  const expected = `a number of at least ${least}${mayBeInfinite ? ' or Infinity' : ''}`;
  const most = mayBeInfinite ? Number.POSITIVE_INFINITY : Number.MAX_VALUE;
  checkNumber(name, value, expected, (number) => number >= least && number <= most);
}

/** Milliseconds. @throws TypeError if it is not a number, RangeError if it is below 0. */
export function checkGrace(name: string, value: unknown): void {
  checkFrom(name, value, 0, true);
}

/** @throws TypeError if it is not a number, RangeError if it is not finite. */
export function checkFinite(name: string, value: unknown): void {
  checkNumber(name, value, 'a finite number', Number.isFinite);
}

/** @throws TypeError if it is not a number, RangeError if it is not finite and above 0. */
export function checkPositive(name: string, value: unknown): void {
  checkNumber(name, value, 'a positive number', (number) => number > 0 && Number.isFinite(number));
}

export const checkArray: Check = checkOf('an array', isArray);

export const checkCallback: Check = checkOf('a function', (value) => typeof value === 'function');

/** A single string is refused, since it would be read letter by letter. */
export const checkTexts: Check = checkOf(
  'an array of strings',
  (value) => isArray(value) && value.every((each) => typeof each === 'string'),
);

export const checkObject: Check = checkOf('an object', isObject);

export const checkIterable: Check = checkOf(
  'iterable or async iterable',
  (value) => hasMethods(value, Symbol.iterator) || hasMethods(value, Symbol.asyncIterator),
);

/** A logger such as `console`. */
export const checkLogger: Check = checkOf('an object with info() and error()', (logger) =>
  hasMethods(logger, 'info', 'error'),
);

export const checkString: Check = checkOf('a string', (value) => typeof value === 'string');

export const checkText: Check = checkOf(
  'a non-empty string',
  (value) => typeof value === 'string' && value !== '',
);

export const checkFlag: Check = checkOf('true or false', (value) => typeof value === 'boolean');

export const checkSignal: Check = checkOf(
  'an AbortSignal',
  (value) =>
    typeof read(value, 'aborted') === 'boolean' &&
    hasMethods(value, 'addEventListener', 'removeEventListener'),
);

export const checkOptionalSignal: Check = optional(checkSignal);
