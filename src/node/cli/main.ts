#!/usr/bin/env node
/** The command `taskpool`. */

import { ExitCode, endingOf } from './exit.ts';
import { program } from './program.ts';

// Whoever reads may leave at any time, as `head` does: that is an end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(ExitCode.brokenPipe);
});
// Nobody reads what goes wrong any more; the work goes on.
process.stderr.on('error', () => {});

try {
  await program().parseAsync();
} catch (error) {
  const { exitCode, text } = endingOf(error);
  process.exitCode = exitCode;
  process.stderr.write(text);
}
