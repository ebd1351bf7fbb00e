/** Checks that a value survives `JSON.parse(JSON.stringify(value))` unchanged, and so can be stored in a journal. */

import { NotStorable } from '../../errors.ts';
import type { Json } from '../../events/events.ts';
import { accessor } from '../../kit/accessor.ts';
import { describe } from '../../kit/checks.ts';
import { digitsOf } from '../../kit/digits.ts';
import { jsonSize } from '../../kit/json-size.ts';
import { shortened } from '../../kit/shortened.ts';
import { putJson } from '../../machines/copy-json.ts';

/** The deepest nesting: deeper is hardly intended, and JSON itself fails a little later. */
const DEPTH = 1000;
/** The largest value of an event, in characters: strings of twice the length are impossible in JavaScript. */
const LARGEST = 2 ** 28;
/** The most characters of a path in a message. */
const LONGEST_PATH = 200;
/** The least size of any part, in characters. */
const LEAST = 2;

/**
 * A frozen copy of a value that survives JSON without loss or change.
 *
 * @param path the name of the value in messages: `items[17]`.
 * @param most the largest size as JSON, in characters; not much more of a larger value is read. Default: `Infinity`.
 * @throws NotStorable with the path of the first part that does not survive JSON.
 */
export function storable(
  value: unknown,
  path: string,
  most: number = Number.POSITIVE_INFINITY,
): Json {
  return new Walk(most).copy(value, path);
}

/**
 * The size of a value as JSON, in characters.
 *
 * @throws NotStorable if it is too large for one event.
 */
export function checkSize(value: Json, path: string): number {
  const size = jsonSize(value);
  if (size <= LARGEST) return size;
  const [limit, got] = [LARGEST, size].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
  throw new NotStorable(`expected ${path} to take up to ${limit} as JSON, got ${got}`);
}

class Walk {
  /** The objects that contain the current one. */
  readonly #around = new Set<object>();
  /** How many characters are left: no part counts more than by {@link jsonSize}. */
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  copy(value: unknown, path: string): Json {
    this.#left -= typeof value === 'string' ? value.length : LEAST;
    if (this.#left < 0) return refuse(path, 'too much');
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value) || Object.is(value, -0)) {
          return refuse(path, Object.is(value, -0) ? '-0' : String(value));
        }
        return value;
      case 'object':
        return value === null ? null : this.#copyObject(value, path);
      default:
        return refuse(path, typeof value === 'bigint' ? digitsOf(value) : describe(value));
    }
  }

  #copyObject(value: object, path: string): Json {
    if (this.#around.has(value)) return refuse(path, 'an object that contains itself');
    if (this.#around.size >= DEPTH) return refuse(path, `something nested ${DEPTH} levels deep`);
    this.#around.add(value);
    try {
      const copy = Array.isArray(value)
        ? this.#copyArray(value, path)
        : this.#copyPlain(value, path);
      return Object.freeze(copy) as Json;
    } finally {
      this.#around.delete(value);
    }
  }

  #copyArray(value: readonly unknown[], path: string): Json[] {
    const copy: Json[] = [];
    for (let index = 0; index < value.length; index++) {
      const at = `${path}[${index}]`;
      if (!Object.hasOwn(value, index)) return refuse(at, 'a hole in an array');
      copy.push(this.copy(value[index], at));
    }
    // Indices come before other keys.
    const extra = Object.keys(value)[value.length];
    if (extra !== undefined) return refuse(`${path}${accessor(extra)}`, 'a property of an array');
    return copy;
  }

  #copyPlain(value: object, path: string): Record<string, Json> {
    if (!isPlain(value)) return refuse(path, describe(value));
    const [symbol] = Object.getOwnPropertySymbols(value).filter((key) =>
      Object.prototype.propertyIsEnumerable.call(value, key),
    );
    if (symbol !== undefined) return refuse(`${path}[${String(symbol)}]`, 'a symbol as a key');
    const copy: Record<string, Json> = {};
    for (const key of Object.keys(value)) {
      const at = `${path}${accessor(key)}`;
      putJson(copy, key, this.copy(read(value, key, at), at));
    }
    return copy;
  }
}

/** Whether an object is an object literal, of any realm, or has no prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  const isRoot = Object.getPrototypeOf(prototype) === null;
  return isRoot && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

function read(value: object, key: string, path: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return refuse(path, 'an error', { cause: error });
  }
}

function refuse(path: string, given: string, options?: ErrorOptions): never {
  const where = shortened(path, LONGEST_PATH);
  throw new NotStorable(`expected ${where} to survive JSON unchanged, got ${given}`, options);
}
