/** Values that are moved to another thread instead of being copied. */

import { hasMethods, refuse } from '../kit/checks.ts';
import { isArrayBuffer, isMap, isSet } from '../kit/realms.ts';

/** What can be moved: memory, and ends of channels. */
export type Movable = ArrayBuffer | ArrayBufferView | MessagePort;

interface MessagePort {
  postMessage(value: unknown): void;
  start(): void;
  close(): void;
}

/** What is moved with the next call that it is part of. */
const moved = new WeakSet<object>();
/** How many were marked: while there are none nothing is searched. */
let numMarked = 0;

/**
 * Moves a buffer, instead of copying it, with the call that it is an argument of, or with the result that
 * it is or is part of. The sender has an empty one then: a call that moves what it is given cannot be
 * run again.
 *
 * @returns the value itself.
 *
 * @example
 * ```ts no-run
 * pool.map(work.blur, images.map((pixels) => move(pixels)));
 * ```
 */
export function move<T extends Movable>(value: T): T {
  const owner: unknown = ArrayBuffer.isView(value) ? value.buffer : value;
  if (isArrayBuffer(owner) || isPort(owner)) {
    moved.add(owner);
    numMarked++;
    return value;
  }
  return refuse('an ArrayBuffer, a view of one, or a MessagePort', value);
}

function isPort(value: unknown): value is MessagePort {
  return hasMethods(value, 'postMessage', 'start', 'close');
}

/** Whether something is marked that was not moved yet: the call that moves it can be sent but once. */
export function mayMove(): boolean {
  return numMarked > 0;
}

/** What of a value is to be moved; undefined for nothing, as mostly. */
export function movedPartsOf(value: unknown): object[] | undefined {
  if (numMarked === 0) return undefined;
  const found = new Set<object>();
  collect(value, found, new Set());
  for (const each of found) moved.delete(each);
  return found.size === 0 ? undefined : [...found];
}

function collect(value: unknown, found: Set<object>, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  const owner = ArrayBuffer.isView(value) ? value.buffer : value;
  if (moved.has(owner)) {
    found.add(owner);
    numMarked--;
  } else if (!ArrayBuffer.isView(value)) {
    for (const part of partsOf(value)) collect(part, found, seen);
  }
}

/** A clone takes the keys of a Map along as well. */
function partsOf(value: object): Iterable<unknown> {
  if (isMap(value)) return [...value.keys(), ...value.values()];
  return isSet(value) ? value.values() : Object.values(value);
}
