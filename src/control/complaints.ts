/** Failures that several places tell of. */

import { LimitExceeded, RequestAborted } from './errors.ts';

export function givenUp(): RequestAborted {
  return new RequestAborted('expected an answer, the request was given up');
}

export function tooLong(maxAnswer: number): LimitExceeded {
  return new LimitExceeded(
    `expected an answer of at most ${maxAnswer} characters, got a longer one: ask for less`,
  );
}

/** A pool without limit starts all tasks of a call in one go, and nothing else happens meanwhile. */
const MAX_TASKS = 100_000;

/** @throws LimitExceeded for more tasks than one command may make. */
export function checkNumTasks(count: number): void {
  if (count <= MAX_TASKS) return;
  throw new LimitExceeded(`expected at most ${MAX_TASKS} tasks of one command, got ${count}`);
}
