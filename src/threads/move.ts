/** Marks values to be moved to another thread instead of copied. */

import { hasMethods, refuse } from '../kit/checks.ts';
import { isArrayBuffer, isMap, isSet } from '../kit/realms.ts';

/** Values that can be moved: memory, and ends of channels. */
export type Movable = ArrayBuffer | ArrayBufferView | MessagePort;

interface MessagePort {
  postMessage(value: unknown): void;
  start(): void;
  close(): void;
}

/** Marked values that were not moved yet. */
const moved = new WeakSet<object>();
/** The number of marked values that were not moved yet: while it is 0, values need not be searched. */
let numMarked = 0;

/**
 * Marks a buffer or port to be moved instead of copied, with the call that gets it as an argument or the result that
 * contains it. The sender's buffer is empty afterwards, so a call whose arguments were moved cannot be retried.
 *
 * @returns the value itself.
 * @throws TypeError unless it is an ArrayBuffer, a view of one, or a MessagePort.
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

/** Whether any marked value was not moved yet: a call that moves one can be sent only once. */
export function mayMove(): boolean {
  return numMarked > 0;
}

/** The marked objects within a value; undefined if there are none, the usual case. */
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

/** Cloning also clones the keys of a Map. */
function partsOf(value: object): Iterable<unknown> {
  if (isMap(value)) return [...value.keys(), ...value.values()];
  return isSet(value) ? value.values() : Object.values(value);
}
