/** Checks which values can be sent to a thread or machine, and finds the path of the first that cannot. */

import { CannotTravel } from '../errors.ts';
import { accessor } from '../kit/accessor.ts';
import { textWithin } from '../kit/bounded.ts';
import { digitsOf } from '../kit/digits.ts';
import { isError, isMap, isSet, read } from '../kit/realms.ts';

/** How arguments and results are sent: to a thread or to a machine. */
export type Way = 'clone' | 'json';

const MEANS: Readonly<Record<Way, string>> = {
  clone: 'can be cloned for a thread',
  json: 'survives JSON unchanged',
};

/** The deepest nesting: deeper is hardly intended, and JSON itself fails a little later. */
const DEPTH = 1000;
/** How many parts of a value are checked to find the one that cannot be sent. */
const MOST = 100_000;
/** The most characters of a path in a message. */
const LONGEST_PATH = 200;
const INDEX = /^\d+$/;

/**
 * The error for a value that could not be sent. The path is only searched after sending has failed, so sending costs
 * nothing extra.
 *
 * @param what the name of the value: `arguments` or `the result`.
 * @param cause the error of sending it.
 */
export function cannotTravel(
  way: Way,
  value: unknown,
  what: string,
  cause?: unknown,
): CannotTravel {
  const { path, kind } = new Search(way).find(value, what) ?? { path: what, kind: kindOf(value) };
  const short = path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
  return new CannotTravel(
    `expected ${short} to be something that ${MEANS[way]}, got ${kind}`,
    path,
    cause,
  );
}

/** @throws CannotTravel if JSON would lose or change any part of a value. */
export function checkJson(value: unknown, what: string): void {
  if (!survivesJson(value)) throw cannotTravel('json', value, what);
}

/**
 * Whether a value survives JSON unchanged. Most do, so the path of a part that does not is only searched afterwards.
 */
export function survivesJson(value: unknown, around = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null) return isJson(value);
  if (around.has(value) || !isPlain(value) || around.size >= DEPTH) return false;
  around.add(value);
  const keys = Object.keys(value);
  const survives = Array.isArray(value)
    ? keys.length === value.length && value.every((part) => survivesJson(part, around))
    : keys.every((key) => survivesJson(read(value, key), around));
  // Not a cycle: the same object may occur several times.
  around.delete(value);
  return survives;
}

interface Found {
  readonly path: string;
  readonly kind: string;
}

/** Searches the part of a value that cannot be sent, within limits, so that it takes little time. */
class Search {
  readonly #way: Way;
  readonly #around = new Set<object>();
  #left = MOST;

  constructor(way: Way) {
    this.#way = way;
  }

  find(value: unknown, path: string, depth = 0): Found | undefined {
    const isJsonWay = this.#way === 'json';
    if (typeof value === 'function' || typeof value === 'symbol') {
      return { path, kind: kindOf(value) };
    }
    if (typeof value !== 'object' || value === null) {
      return isJsonWay && !isJson(value) ? { path, kind: kindOf(value) } : undefined;
    }
    if (this.#around.has(value)) {
      return isJsonWay ? { path, kind: 'an object that contains itself' } : undefined;
    }
    if (isJsonWay ? !isPlain(value) : !mayBeCloned(value)) return { path, kind: kindOf(value) };
    if (depth < DEPTH) return this.#findIn(value, path, depth);
    return isJsonWay ? { path, kind: `something nested ${DEPTH} levels deep` } : undefined;
  }

  #findIn(value: object, path: string, depth: number): Found | undefined {
    this.#around.add(value);
    try {
      for (const [key, part] of partsOf(value)) {
        if (this.#left-- <= 0) return undefined;
        const found = this.find(part, `${path}${key}`, depth + 1);
        if (found !== undefined) return found;
      }
      const isArrayAsJson = this.#way === 'json' && Array.isArray(value);
      const [beside] = isArrayAsJson ? fieldsBeside(value) : [];
      if (beside === undefined) return undefined;
      return { path: `${path}${accessor(beside)}`, kind: 'a field of an array' };
    } finally {
      // Not a cycle: the same object may occur several times.
      if (this.#way === 'json') this.#around.delete(value);
    }
  }
}

function* partsOf(value: object): Generator<[string, unknown]> {
  // A cloned error has none of its fields.
  if (ArrayBuffer.isView(value) || isError(value)) return;
  if (isMap(value)) {
    for (const [key, part] of value) {
      yield [' (a key)', key];
      yield [`.get(${textWithin(LONGEST_PATH, key)})`, part];
    }
  } else if (isSet(value)) for (const part of value) yield [' (a member)', part];
  else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield [`[${index}]`, value[index]];
    for (const key of fieldsBeside(value)) yield [accessor(key), read(value, key)];
  } else for (const key of Object.keys(value)) yield [accessor(key), read(value, key)];
}

/** The fields of an array that are no elements, such as those of a match of a regular expression. */
function fieldsBeside(value: readonly unknown[]): string[] {
  return Object.keys(value).filter((key) => !INDEX.test(key));
}

/** Whether a platform object can be cloned is only known by trying, which is done for those without parts. */
function mayBeCloned(value: object): boolean {
  if (isPlain(value) || isMap(value) || isSet(value) || isError(value)) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return hasParts(value);
  }
}

function hasParts(value: object): boolean {
  return !ArrayBuffer.isView(value) && Object.keys(value).length > 0;
}

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** Whether it is an array or an object literal, of any realm. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (typeof value === 'function') {
    const name = read(value, 'name');
    return `function ${typeof name === 'string' && name !== '' ? name : 'anonymous'}`;
  }
  if (typeof value === 'bigint') return digitsOf(value);
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  const name = read(read(value, 'constructor'), 'name');
  return `an object (${typeof name === 'string' && name !== '' ? name : 'no prototype'})`;
}
