/** What a subcommand ends with: an exit code, and a message if it failed; or a signal. */

import { dieOf } from '../node/signals/die-of.ts';

/** What every complaint on stderr begins with. */
export const PREFIX = 'taskpool: ';

/** The exit codes of every subcommand. */
export const ExitCode = {
  fine: 0,
  /** What was asked for was refused, or failed. */
  failed: 1,
  /** The command line is invalid. */
  usage: 2,
  noConnection: 3,
  /** No one reads the output any more; what a shell reports of a process that SIGPIPE ended. */
  brokenPipe: 141,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends a subcommand: its message goes to stderr without a stack, its code to the shell. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** An exit code, or the signal that a process dies of. */
export type ExitStatus = number | NodeJS.Signals;

/** Ends the process, whatever it has left open. */
export function endWith(status: ExitStatus): void {
  if (typeof status === 'number') process.exit(status);
  else dieOf(status);
}
