/** Errors whose message says all that a user needs, so that no stack is shown. */

import { TaskPoolError } from '../index.ts';
import { isError, isInstance, read } from '../kit/realms.ts';

/** Ours, and those of the operating system, which name what was not done with which file. */
export function isExpectedError(error: unknown): error is Error {
  return (
    isInstance(error, TaskPoolError) || (isError(error) && read(error, 'syscall') !== undefined)
  );
}
