#!/usr/bin/env node
/** The command `taskpool`. */

import module from 'node:module';

// What is loaded from here on need not be compiled again the next time, where Node can do that.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

/** The command line, while it is loaded. */
export const commandLine = import('./command-line.ts');

void commandLine.then(({ main, outliveReaders }) => {
  outliveReaders();
  return main(process.argv.slice(2));
});
