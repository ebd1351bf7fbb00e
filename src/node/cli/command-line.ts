/** What the process does from its command line on. */

import { CommanderError } from 'commander';
import { ExitCode } from './exit.ts';
import { program } from './program.ts';

/** Runs a command line, without the name of the program. What it fails with goes to stderr. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await program(args[0]).parseAsync(args, { from: 'user' });
  } catch (error) {
    // That is how the parser ends after the help or the version: it needs no words.
    if (error instanceof CommanderError && error.exitCode === ExitCode.fine) return;
    const { endingOf } = await import('./ending.ts');
    const { exitCode, text } = endingOf(error);
    process.exitCode = exitCode;
    process.stderr.write(text);
  }
}

/** Whoever reads stdout or stderr may leave at any time. */
export function outliveReaders(): void {
  // As `head` does: that is an end, not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(ExitCode.brokenPipe);
  });
  // Nobody reads what goes wrong any more; the work continues.
  process.stderr.on('error', () => {});
}
