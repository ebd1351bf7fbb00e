/** Failures that both kinds of sessions tell of. */

import { LimitExceeded, RequestAborted } from './errors.ts';

export function givenUp(): RequestAborted {
  return new RequestAborted('expected an answer, the request was given up');
}

export function tooLong(maxAnswer: number): LimitExceeded {
  return new LimitExceeded(
    `expected an answer of at most ${maxAnswer} characters, got a longer one: ask for less`,
  );
}
