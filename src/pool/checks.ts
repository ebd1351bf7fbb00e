/** Checks of what callers pass: each throws at the call, saying what was expected and given. */

import { NotAFunction } from '../errors.ts';
import { read } from '../kit/realms.ts';

/** A short text for a value in an error message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return `function ${value.name || 'anonymous'}`;
  if (typeof value === 'bigint') return `${value}n`;
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

/** @throws TypeError that says what was expected and given. */
export function refuse(expected: string, given: unknown): never {
  throw new TypeError(`expected ${expected}, got ${describe(given)}`);
}

/** Whether a value has functions of these names, or symbols. */
export function hasMethods(value: unknown, ...names: readonly PropertyKey[]): boolean {
  const methods = Object(value) as Partial<Record<PropertyKey, unknown>>;
  return names.every((name) => typeof methods[name] === 'function');
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
  checkWhole(name, value, least, '');
}

/** As {@link checkCount}, and `Infinity` is allowed. */
export function checkLimit(name: string, value: unknown, least = 0): void {
  if (value === Number.POSITIVE_INFINITY) return;
  checkWhole(name, value, least, ' or Infinity');
}

function checkWhole(name: string, value: unknown, least: number, or: string): void {
  checkNumber(name, value);
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new RangeError(`expected ${name} to be a whole number from ${least} on${or}, got ${value}`);
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
  refuse(`${name} to be a number`, value);
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

/** @throws TypeError if it is not a number, RangeError if it is no time in milliseconds. */
export function checkGrace(grace: unknown): void {
  checkNumber('grace', grace);
  if ((grace as number) >= 0) return;
  throw new RangeError(`expected grace to be from 0 ms on, got ${grace}`);
}

/** @throws TypeError */
export function checkIterable(name: string, value: unknown): void {
  if (hasMethods(value, Symbol.iterator) || hasMethods(value, Symbol.asyncIterator)) return;
  refuse(`${name} to be iterable or async iterable`, value);
}

/** @throws TypeError */
export function checkArray(name: string, value: unknown): void {
  if (Array.isArray(value)) return;
  refuse(`${name} to be an array`, value);
}

/** @throws TypeError */
export function checkString(name: string, value: unknown): void {
  if (typeof value !== 'string') refuse(`${name} to be a string`, value);
}

/** @throws TypeError */
export function checkOptionalString(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  refuse(`${name} to be a string that is not empty`, value);
}

/** @throws TypeError */
export function checkOptionalBoolean(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  refuse(`${name} to be true or false`, value);
}

const LISTENING = ['addEventListener', 'removeEventListener'];

/** @throws TypeError if it is neither an AbortSignal nor undefined. */
export function checkOptionalSignal(name: string, value: unknown): void {
  if (value === undefined) return;
  const { aborted } = Object(value) as Partial<AbortSignal>;
  if (typeof aborted === 'boolean' && hasMethods(value, ...LISTENING)) return;
  refuse(`${name} to be an AbortSignal`, value);
}
