#!/usr/bin/env node
/** The command `taskpool`: loads the command line, compiled already if it was run before. */

import { loadCompiled } from './code-cache.ts';
import type * as CommandLine from './command-line.ts';

export const commandLine = loadCompiled<typeof CommandLine>('command-line.cjs');

// Tests of ours load it without running it.
if (require.main === module) {
  commandLine.outliveReaders();
  void commandLine.main(process.argv.slice(2));
}
