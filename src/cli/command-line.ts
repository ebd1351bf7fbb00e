/** What the process does from its command line on. */

import { CommanderError } from 'commander';
import { STDERR, writeTo } from './descriptors.ts';
import { ExitCode, PREFIX } from './exit.ts';
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
    writeTo(STDERR, text);
  }
}

/**
 * The reader of stdout or stderr may leave at any time, and a disk may be full. Node takes some
 * milliseconds to make one of these streams, so it is only listened to once something asks for it.
 */
export function outliveReaders(): void {
  onFirstUse('stdout', (stdout) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      // As `head` does: that is an end, not an error.
      if (error.code === 'EPIPE') process.exit(ExitCode.brokenPipe);
      process.stderr.write(`${PREFIX}cannot write to stdout: ${error.message}\n`);
      process.exit(ExitCode.failed);
    });
  });
  // No one reads what goes wrong any more; the work continues.
  onFirstUse('stderr', (stderr) => stderr.on('error', () => {}));
}

function onFirstUse(
  name: 'stdout' | 'stderr',
  prepare: (stream: NodeJS.WriteStream) => void,
): void {
  const own = Object.getOwnPropertyDescriptor(process, name);
  if (own?.get === undefined) {
    prepare(process[name]);
    return;
  }
  Object.defineProperty(process, name, {
    ...own,
    get() {
      Object.defineProperty(process, name, own);
      prepare(process[name]);
      return process[name];
    },
  });
}
