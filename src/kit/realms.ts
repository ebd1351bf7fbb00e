/**
 * Type checks that work across realms. Each realm (a frame, a `vm` context, a Jest test) has its own `Error`,
 * `Set` and `Promise`, so `instanceof` only works within one. None of these functions throws or runs user code,
 * except the traps of a proxy.
 */

/** Whether a value is an error or inherits from `Error`; a DOMException does. */
export function isError(value: unknown): value is Error {
  return inherits(value, 'Error');
}

/** Whether a value is an AggregateError. */
export function isAggregateError(value: unknown): value is AggregateError {
  return inherits(value, 'AggregateError') && Array.isArray(read(value, 'errors'));
}

/** Whether a value is an object of any kind, but not a function. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Like `instanceof`, for classes of this package; false for a revoked proxy, for which `instanceof` throws. */
export function isInstance<T>(
  value: unknown,
  ours: abstract new (...args: never[]) => T,
): value is T {
  try {
    return value instanceof ours;
  } catch {
    return false;
  }
}

/** Whether a value is an array; false for a revoked proxy. */
export function isArray(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** The first elements of an array, as far as they can be read: it may be a proxy, or have overridden methods. */
export function firstOf(array: readonly unknown[], most: number): unknown[] {
  const length = Math.min(Number(read(array, 'length')), most);
  return Array.from({ length }, (_, place) => read(array, place));
}

/** Whether a value is a Uint8Array, a Buffer for instance. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && typedArrayName.call(value) === 'Uint8Array';
}

/** Whether a value is an ArrayBuffer, not a SharedArrayBuffer. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return callOn(bufferSize, value) !== undefined;
}

export function isMap(value: unknown): value is Map<unknown, unknown> {
  return callOn(mapSize, value) !== undefined;
}

export function isSet(value: unknown): value is Set<unknown> {
  return callOn(setSize, value) !== undefined;
}

/** The true size of a Set or a Map, even if its property `size` was overridden. */
export function sizeOf(value: unknown): number | undefined {
  return callOn(setSize, value) ?? callOn(mapSize, value);
}

/** Reads a property of anything; undefined if reading it throws. */
export function read(value: unknown, key: PropertyKey): unknown {
  // Throwing and catching an error takes ten microseconds.
  if (value === undefined || value === null) return undefined;
  try {
    return (value as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

// Built-in getters read internal slots, which do not depend on realms or subclasses.
const typedArrayName = getterOf(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
const setSize = /* @__PURE__ */ getterOf(Set.prototype, 'size');
const mapSize = /* @__PURE__ */ getterOf(Map.prototype, 'size');
const bufferSize = /* @__PURE__ */ getterOf(ArrayBuffer.prototype, 'byteLength');

function getterOf(prototype: object, key: PropertyKey): () => unknown {
  return Object.getOwnPropertyDescriptor(prototype, key)?.get as () => unknown;
}

function callOn(getter: () => unknown, value: unknown): number | undefined {
  try {
    return getter.call(value) as number;
  } catch {
    return undefined;
  }
}

/** The most prototypes to check, since a proxy may have an endless chain of them. */
const MOST_PROTOTYPES = 1_000;

/** Whether a value inherits from a class of this name. */
function inherits(value: unknown, className: string): value is object {
  if (typeof value !== 'object' || value === null) return false;
  try {
    let prototype: unknown = value;
    for (let step = 0; step < MOST_PROTOTYPES; step++) {
      prototype = Object.getPrototypeOf(prototype);
      if (prototype === null) return false;
      if (!Object.hasOwn(prototype as object, 'constructor')) continue;
      if (read(read(prototype, 'constructor'), 'name') === className) return true;
    }
  } catch {
    // A revoked proxy, or one whose trap throws.
  }
  return false;
}
