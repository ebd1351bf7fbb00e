/** Recognizes errors whose message is enough for a user, so that no stack is printed. */

import { TaskPoolError } from '../index.ts';
import { isError, isInstance, read } from '../kit/realms.ts';

/** Errors of this package, and those of system calls, which name the operation and the file. */
export function isExpectedError(error: unknown): error is Error {
  return (
    isInstance(error, TaskPoolError) || (isError(error) && read(error, 'syscall') !== undefined)
  );
}
