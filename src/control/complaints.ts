/** Errors that several places throw. */

import { LimitExceeded, RequestAborted } from './errors.ts';

export function givenUp(): RequestAborted {
  return new RequestAborted('expected an answer, the request was given up');
}

export function tooLong(maxAnswer: number): LimitExceeded {
  return new LimitExceeded(
    `expected an answer of at most ${maxAnswer} characters, got a longer one: ask for less`,
  );
}

/** More than this no one reads, and an answer that held it would not fit. */
const MAX_ROWS = 100_000;

/** @throws LimitExceeded for more rows than one answer may have. */
export function checkNumRows(count: number): void {
  if (count <= MAX_ROWS) return;
  throw new LimitExceeded(`expected --limit to be at most ${MAX_ROWS}, got ${count}`);
}

/** Each more makes it longer to find those that are next. */
const MAX_LISTED = 1000;

/** @throws LimitExceeded for more than are looked for. */
export function checkNumListed(count: number): void {
  if (count <= MAX_LISTED) return;
  throw new LimitExceeded(`expected --limit to be at most ${MAX_LISTED}, got ${count}`);
}

/** More parts than a screen has dots. */
const MAX_BUCKETS = 10_000;

/** @throws LimitExceeded for more parts than one answer may have. */
export function checkNumBuckets(count: number): void {
  if (count <= MAX_BUCKETS) return;
  throw new LimitExceeded(`expected --buckets to be at most ${MAX_BUCKETS}, got ${count}`);
}

/** A pool without limit starts all tasks of a call in one go, and nothing else happens meanwhile. */
const MAX_TASKS = 100_000;

/** @throws LimitExceeded for more tasks than one command may make. */
export function checkNumTasks(count: number): void {
  if (count <= MAX_TASKS) return;
  throw new LimitExceeded(`expected at most ${MAX_TASKS} tasks of one command, got ${count}`);
}

/** So many are looked up in a few milliseconds, and nothing else happens meanwhile. */
const MAX_VALUES = 10_000;

/** @throws LimitExceeded for more words, ids or names than one request may have. */
export function checkNumValues(what: string, count: number): void {
  if (count <= MAX_VALUES) return;
  throw new LimitExceeded(`expected at most ${MAX_VALUES} ${what} in a request, got more`);
}
