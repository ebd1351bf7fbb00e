/** Splits long work into parts, and yields to the event loop between them. */

import { nextTurn } from '../kit/jobs.ts';

/** The number of items per part: a few milliseconds for the widest tables. */
export const PART = 1000;

/** A value, or a promise of it if computing it takes long. */
export type Eventually<T> = T | Promise<T>;

/** Continues with a value or a promise. */
export function andThen<T, R>(value: Eventually<T>, next: (value: T) => R): Eventually<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Maps a list: a short one synchronously, a long one with yielding to the event loop. */
export function mapInParts<T, R>(
  list: readonly T[],
  map: (item: T) => R,
): Eventually<readonly R[]> {
  return list.length <= PART ? list.map(map) : mapSlowly(list, map);
}

async function mapSlowly<T, R>(list: readonly T[], map: (item: T) => R): Promise<readonly R[]> {
  const mapped: R[] = [];
  for (let from = 0; from < list.length; from += PART) {
    if (from > 0) await nextTurn();
    for (const item of list.slice(from, from + PART)) mapped.push(map(item));
  }
  return mapped;
}

/** Returns at most `length` further items, given those collected so far. */
export type NextPart<T> = (length: number, soFar: readonly T[]) => readonly T[];

/** Collects items part by part, until a part is not full or the limit is reached. */
export function collectInParts<T>(limit: number, next: NextPart<T>): Eventually<readonly T[]> {
  const first = next(Math.min(limit, PART), []);
  return first.length < PART || limit <= PART ? first : collectSlowly([...first], limit, next);
}

async function collectSlowly<T>(
  items: T[],
  limit: number,
  next: NextPart<T>,
): Promise<readonly T[]> {
  while (items.length < limit) {
    await nextTurn();
    const length = Math.min(limit - items.length, PART);
    const part = next(length, items);
    items.push(...part);
    if (part.length < length) break;
  }
  return items;
}
