/**
 * Type checks that work across realms. Each realm (a frame, a `vm` context, a Jest test) has its own `Error`,
 * `Set` and `Promise`, so `instanceof` only works within one. None of these functions throws or runs user code,
 * except the traps of a proxy.
 */

/** Whether a value is an error or inherits from `Error`; a DOMException does. */
export function isError(value: unknown): value is Error {
  return inherits(value, 'Error');
}

/** Whether a value is an error that holds several. */
export function isAggregateError(value: unknown): value is AggregateError {
  return inherits(value, 'AggregateError') && Array.isArray(read(value, 'errors'));
}

/** Whether a value is an object, whatever kind of object; a function is none. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is of a class of ours, of which there is but one. Asked itself, a proxy that was revoked throws. */
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

/** Whether a value is an array; a proxy of one that was revoked is none. */
export function isArray(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether a value is a Uint8Array, a Buffer for instance. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && typedArrayName.call(value) === 'Uint8Array';
}

/** Whether a value is memory that can be moved: not one that is shared. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return callOn(bufferSize, value) !== undefined;
}

export function isMap(value: unknown): value is Map<unknown, unknown> {
  return callOn(mapSize, value) !== undefined;
}

export function isSet(value: unknown): value is Set<unknown> {
  return callOn(setSize, value) !== undefined;
}

/** The size of a Set or a Map, which do not say so truthfully if they are asked as any object is. */
export function sizeOf(value: unknown): number | undefined {
  return callOn(setSize, value) ?? callOn(mapSize, value);
}

/** Reads a property of anything; undefined if reading it throws. */
export function read(value: unknown, key: PropertyKey): unknown {
  // An error that is thrown and caught takes ten microseconds.
  if (value === undefined || value === null) return undefined;
  try {
    return (value as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

// Getters of the language look into the object itself: at what no realm and no subclass changes.
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

/** A proxy may have a prototype that has another one for ever; no class inherits from so many. */
const MOST_PROTOTYPES = 1_000;

/** Whether the prototype of a class of this name is among those of a value. */
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
    // A proxy that was revoked, or whose trap throws.
  }
  return false;
}
