#!/usr/bin/env node
/** The command `taskpool`. */

import module from 'node:module';
import { ExitCode } from './exit.ts';

// Whoever reads may leave at any time, as `head` does: that is an end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(ExitCode.brokenPipe);
});
// Nobody reads what goes wrong any more; the work continues.
process.stderr.on('error', () => {});

// What is loaded from here on need not be compiled again the next time, where Node can do that.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

import('./program.ts')
  .then(({ program }) => program().parseAsync())
  .catch(async (error: unknown) => {
    // That is how the parser ends after the help or the version: it needs no words.
    if (error instanceof Error && 'exitCode' in error && error.exitCode === ExitCode.fine) return;
    const { endingOf } = await import('./ending.ts');
    const { exitCode, text } = endingOf(error);
    process.exitCode = exitCode;
    process.stderr.write(text);
  });
