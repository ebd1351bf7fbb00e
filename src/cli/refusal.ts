/** Values of the command line that the library refuses. */

import { readError } from '../printable/error-fields.ts';
import { CommandFailed, ExitCode } from './exit.ts';

/** A usage error with the message of a TypeError, by which the library refuses a value; any other error unchanged. */
export function asUsageError(error: unknown): unknown {
  const { name, message = '' } = readError(error) ?? {};
  return name === 'TypeError' ? new CommandFailed(ExitCode.usage, message) : error;
}
