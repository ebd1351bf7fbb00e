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

void import('./program.ts').then(({ main }) => main(process.argv.slice(2)));
