/** How the command line ends when a subcommand has thrown. */

import { CommanderError } from 'commander';
import { ConnectionFailed, ConnectionLost } from '../control/client/errors.ts';
import { StoreCorrupt } from '../index.ts';
import { printableError } from '../printable/error.ts';
import { readError } from '../printable/error-fields.ts';
import { printableLine } from '../printable/text.ts';
import { complaint } from './complaint.ts';
import { CommandFailed, ExitCode } from './exit.ts';
import { isExpectedError } from './expected-error.ts';

/** What a subcommand threw, as the user sees it. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** For stderr; empty if everything has been said. */
  readonly text: string;
}

/** One line, whatever the names in it hold: a newline would let them pass for another message. */
function line(message: string): string {
  return complaint(printableLine(message));
}

export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    // It has printed the help, the version, or what is wrong.
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
  // No one foresaw it, so the stack is all there is to find it by.
  const text = readError(error)?.stack || printableError(error);
  return { exitCode: ExitCode.failed, text: complaint(text) };
}
