/** Converts an error thrown by a subcommand to an exit code and a message. */

import { CommanderError } from 'commander';
import { ConnectionFailed, ConnectionLost } from '../control/client/errors.ts';
import { StoreCorrupt } from '../index.ts';
import { printableError } from '../printable/error.ts';
import { readError } from '../printable/error-fields.ts';
import { printableLine } from '../printable/text.ts';
import { complaint } from './complaint.ts';
import { CommandFailed, ExitCode } from './exit.ts';
import { isExpectedError } from './expected-error.ts';

/** How a subcommand ends. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** For stderr; empty if the message has been printed already. */
  readonly text: string;
}

/** One line: a newline in a name would let the rest pass for another message. */
function line(message: string): string {
  return complaint(printableLine(message));
}

export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    // The parser has already printed the help, the version, or the error.
    return { exitCode: error.exitCode === 0 ? ExitCode.fine : ExitCode.usage, text: '' };
  }
  if (error instanceof CommandFailed) {
    return { exitCode: error.exitCode, text: line(error.message) };
  }
  if (error instanceof ConnectionFailed || error instanceof ConnectionLost) {
    return { exitCode: ExitCode.noConnection, text: line(error.message) };
  }
  if (error instanceof StoreCorrupt) {
    const advice = 'taskpool journal FILE --export prints what can be read';
    return { exitCode: ExitCode.failed, text: line(`${error.message}; ${advice}`) };
  }
  if (isExpectedError(error)) {
    return { exitCode: ExitCode.failed, text: line(error.message) };
  }
  // An unexpected error: print the stack, the only means to debug it.
  const text = readError(error)?.stack || printableError(error);
  return { exitCode: ExitCode.failed, text: complaint(text) };
}
