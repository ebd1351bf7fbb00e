/** The entry point of the command line. */

import { CommanderError } from 'commander';
import { STDERR, writeTo } from './descriptors.ts';
import { ExitCode, PREFIX } from './exit.ts';
import { program } from './program.ts';

/** Runs a command line (without the name of the program) and prints errors to stderr. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await program(args[0]).parseAsync(args, { from: 'user' });
  } catch (error) {
    // The parser throws this after it has printed the help or the version.
    if (error instanceof CommanderError && error.exitCode === ExitCode.fine) return;
    const { endingOf } = await import('./ending.ts');
    const { exitCode, text } = endingOf(error);
    process.exitCode = exitCode;
    writeTo(STDERR, text);
  }
}

/**
 * Handles errors of stdout and stderr: the reader may exit at any time, and a disk may be full. Node takes some
 * milliseconds to create one of these streams, so the listener is added on first use.
 */
export function handleOutputErrors(): void {
  onFirstUse('stdout', (stdout) => {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      // The reader has exited, as `head` does: that is an end, not an error.
      if (error.code === 'EPIPE') process.exit(ExitCode.brokenPipe);
      process.stderr.write(`${PREFIX}cannot write to stdout: ${error.message}\n`);
      process.exit(ExitCode.failed);
    });
  });
  // Nobody reads the errors any more; the work continues.
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
