/** Exit codes, and the ways in which a subcommand ends the process. */

import { dieOf } from '../node/signals/die-of.ts';

/** The prefix of every error message on stderr. */
export const PREFIX = 'taskpool: ';

/** The exit codes of every subcommand. */
export const ExitCode = {
  fine: 0,
  /** The requested action was refused or failed. */
  failed: 1,
  /** The command line is invalid. */
  usage: 2,
  noConnection: 3,
  /** The reader of the output is gone: the code with which shells report a process ended by SIGPIPE. */
  brokenPipe: 141,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends a subcommand: the message is printed to stderr without a stack, and the process exits with the code. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** An exit code, or the signal by which the process ends. */
export type ExitStatus = number | NodeJS.Signals;

/** Ends the process, whatever handles are still open. */
export function endWith(status: ExitStatus): void {
  if (typeof status === 'number') process.exit(status);
  else dieOf(status);
}
