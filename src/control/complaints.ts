/** Errors and limits that several files share. */

import { LimitExceeded, RequestAborted } from './errors.ts';

export function givenUp(): RequestAborted {
  return new RequestAborted('expected an answer, the request was given up');
}

export function tooLong(maxAnswer: number): LimitExceeded {
  return new LimitExceeded(
    `expected an answer of at most ${maxAnswer} characters, got a longer one: ask for less`,
  );
}

/** The maximum number of rows: nobody reads more, and the answer would not fit. */
const MAX_ROWS = 100_000;

/**
 * @throws LimitExceeded for more rows than one answer may have.
 */
export function checkNumRows(count: number): void {
  if (count <= MAX_ROWS) return;
  throw new LimitExceeded(`expected --limit to be at most ${MAX_ROWS}, got ${count}`);
}

/** The maximum length of an ordered list: each entry makes finding the next ones slower. */
const MAX_LISTED = 1000;

/**
 * @throws LimitExceeded for more entries than an ordered list may have.
 */
export function checkNumListed(count: number): void {
  if (count <= MAX_LISTED) return;
  throw new LimitExceeded(`expected --limit to be at most ${MAX_LISTED}, got ${count}`);
}

/** More buckets than a screen has pixels. */
const MAX_BUCKETS = 10_000;

/**
 * @throws LimitExceeded for more buckets than one answer may have.
 */
export function checkNumBuckets(count: number): void {
  if (count <= MAX_BUCKETS) return;
  throw new LimitExceeded(`expected --buckets to be at most ${MAX_BUCKETS}, got ${count}`);
}

/** A pool without limit starts all tasks of a call at once, which blocks the event loop. */
const MAX_TASKS = 100_000;

/**
 * @throws LimitExceeded for more tasks than one command may create.
 */
export function checkNumTasks(count: number): void {
  if (count <= MAX_TASKS) return;
  throw new LimitExceeded(`expected at most ${MAX_TASKS} tasks of one command, got ${count}`);
}

/** Looking up this many takes a few milliseconds, which blocks the event loop. */
const MAX_VALUES = 10_000;

/** @throws LimitExceeded for more words, ids or names than one request may have. */
export function checkNumValues(what: string, count: number): void {
  if (count <= MAX_VALUES) return;
  throw new LimitExceeded(`expected at most ${MAX_VALUES} ${what} in a request, got more`);
}
