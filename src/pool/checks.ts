/** Checks of what callers pass: each throws at the call, saying what was expected and given. */

import { NotAFunction } from '../errors.ts';
import { read } from '../kit/realms.ts';

/** A short text for a value in an error message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return `function ${value.name || 'anonymous'}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    return `an object (${classOf(value) ?? 'no prototype'})`;
  }
  return String(value);
}

/** The name of the class that an object was made by; undefined if it tells none. */
function classOf(value: object): string | undefined {
  const name = read(read(value, 'constructor'), 'name');
  return typeof name === 'string' ? name : undefined;
}

/** @throws NotAFunction */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new NotAFunction(`expected ${name} to be a function, got ${describe(value)}`);
}

/** @throws NotAFunction if it is neither a function nor undefined. */
export function checkOptionalFunction(name: string, value: unknown): void {
  if (value !== undefined) checkFunction(name, value);
}

/** @throws TypeError if it is not a number, RangeError if it is not a whole one from `least` on. */
export function checkCount(name: string, value: unknown, least = 0): void {
  checkNumber(name, value);
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new RangeError(`expected ${name} to be a whole number from ${least} on, got ${value}`);
}

/** As {@link checkCount}, and `Infinity` is allowed. */
export function checkLimit(name: string, value: unknown, least = 0): void {
  if (value === Number.POSITIVE_INFINITY) return;
  checkNumber(name, value);
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new RangeError(
    `expected ${name} to be a whole number from ${least} on or Infinity, got ${value}`,
  );
}

/** @throws TypeError if it is not a number, RangeError unless it is one above 0 or `Infinity`. */
export function checkDuration(name: string, value: unknown): void {
  checkNumber(name, value);
  if ((value as number) > 0) return;
  throw new RangeError(
    `expected ${name} to be a number of milliseconds above 0 or Infinity, got ${value}`,
  );
}

/** @throws TypeError if it is not a number, RangeError unless it is one from `least` on. */
export function checkFrom(
  name: string,
  value: unknown,
  least: number,
  mayBeInfinite = false,
): void {
  checkNumber(name, value);
  const isInRange = (value as number) >= least;
  if (isInRange && (mayBeInfinite || Number.isFinite(value))) return;
  const orInfinity = mayBeInfinite ? ' or Infinity' : '';
  throw new RangeError(
    `expected ${name} to be a number from ${least} on${orInfinity}, got ${value}`,
  );
}

function checkNumber(name: string, value: unknown): void {
  if (typeof value === 'number') return;
  throw new TypeError(`expected ${name} to be a number, got ${describe(value)}`);
}

/** @throws TypeError if it is not a number, RangeError if it is not finite. */
export function checkPriority(priority: unknown): void {
  checkFinite('priority', priority);
}

/** @throws TypeError if it is not a number, RangeError if it is not finite, or below `least`. */
export function checkFinite(name: string, value: unknown, least = Number.NEGATIVE_INFINITY): void {
  checkNumber(name, value);
  if (Number.isFinite(value) && (value as number) >= least) return;
  const from = least === Number.NEGATIVE_INFINITY ? '' : ` from ${least} on`;
  throw new RangeError(`expected ${name} to be a finite number${from}, got ${value}`);
}

/** @throws TypeError */
export function checkIterable(name: string, value: unknown): void {
  const methods = Object(value) as {
    [Symbol.iterator]?: unknown;
    [Symbol.asyncIterator]?: unknown;
  };
  if (typeof methods[Symbol.iterator] === 'function') return;
  if (typeof methods[Symbol.asyncIterator] === 'function') return;
  throw new TypeError(`expected ${name} to be iterable or async iterable, got ${describe(value)}`);
}

/** @throws TypeError */
export function checkArray(name: string, value: unknown): void {
  if (Array.isArray(value)) return;
  throw new TypeError(`expected ${name} to be an array, got ${describe(value)}`);
}

/** @throws TypeError */
export function checkOptionalString(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  throw new TypeError(`expected ${name} to be a string that is not empty, got ${describe(value)}`);
}

/** @throws TypeError */
export function checkOptionalBoolean(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new TypeError(`expected ${name} to be true or false, got ${describe(value)}`);
}

/** @throws TypeError if it is neither an AbortSignal nor undefined. */
export function checkOptionalSignal(name: string, value: unknown): void {
  if (value === undefined) return;
  const { aborted, addEventListener } = Object(value) as Partial<AbortSignal>;
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return;
  throw new TypeError(`expected ${name} to be an AbortSignal, got ${describe(value)}`);
}
