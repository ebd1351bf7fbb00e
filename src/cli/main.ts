#!/usr/bin/env node
/** The executable `taskpool`: loads the command line from the code cache. */

import { loadCompiled } from './code-cache.ts';
import type * as CommandLine from './command-line.ts';

export const commandLine = loadCompiled<typeof CommandLine>('command-line.cjs');

// Tests load it without running it.
if (require.main === module) {
  commandLine.handleOutputErrors();
  void commandLine.main(process.argv.slice(2));
}
