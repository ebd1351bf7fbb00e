#!/usr/bin/env node
/** The command `taskpool`: loads the command line, compiled already if it was run before. */

import { loadCompiled } from './code-cache.ts';
import type * as CommandLine from './command-line.ts';

const { main, outliveReaders } = loadCompiled<typeof CommandLine>('command-line.cjs');

outliveReaders();
void main(process.argv.slice(2));
