/** The JSON of answers with long lists, with yielding to the event loop in between. */

import { nextTurn } from '../kit/jobs.ts';
import { tooLong } from './complaints.ts';
import { type Eventually, PART } from './in-parts.ts';

/** How deep in an answer there are long lists: the tasks of the state of `state`. */
const DEPTH = 2;

/**
 * The JSON of a value; a promise of it if there are long lists in it.
 *
 * @throws LimitExceeded, or rejects with it, if it is longer than `maxLength` characters.
 */
export function stringifyInParts(value: unknown, maxLength: number): Eventually<string> {
  return hasLongList(value, DEPTH) ? stringifySlowly(value, maxLength) : JSON.stringify(value);
}

async function stringifySlowly(value: unknown, maxLength: number): Promise<string> {
  const parts = partsOf(value, '', DEPTH);
  let json = '';
  for (;;) {
    const { done, value: part } = parts.next();
    json += part;
    if (done === true) return json;
    if (json.length > maxLength) throw tooLong(maxLength);
    await nextTurn();
  }
}

/**
 * The JSON of a value with a long list in it, each part ending with {@link PART} entries of a list.
 *
 * @param before what the first part begins with.
 * @returns what follows the last part.
 */
function* partsOf(value: unknown, before: string, depth: number): Generator<string, string> {
  if (Array.isArray(value)) return yield* partsOfList(value, before);
  let json = `${before}{`;
  let comma = '';
  for (const [key, entry] of Object.entries(value as object)) {
    const start = `${comma}${JSON.stringify(key)}:`;
    if (hasLongList(entry, depth - 1)) json = yield* partsOf(entry, json + start, depth - 1);
    else {
      const text = JSON.stringify(entry);
      if (text === undefined) continue;
      json += start + text;
    }
    comma = ',';
  }
  return `${json}}`;
}

function* partsOfList(list: readonly unknown[], before: string): Generator<string, string> {
  let start = `${before}[`;
  for (let from = 0; from < list.length; from += PART) {
    // Without the brackets of this part.
    yield start + JSON.stringify(list.slice(from, from + PART)).slice(1, -1);
    start = ',';
  }
  return ']';
}

function hasLongList(value: unknown, depth: number): boolean {
  if (Array.isArray(value)) return value.length > PART;
  return (
    depth > 0 &&
    isPlain(value) &&
    Object.values(value).some((entry) => hasLongList(entry, depth - 1))
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
