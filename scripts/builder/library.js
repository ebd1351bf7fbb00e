/**
 * The package: what tsc makes of each module that can be imported, and the command line as a bundle
 * of few files, since every file that is loaded costs time.
 */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommandLine } from './command-line.js';
import { keepReachable } from './reachable.js';
import { tsc } from './tsc.js';

const PROJECT = 'tsconfig.build.json';
const COMMAND_LINE = 'node/cli';

export async function buildLibrary(folder) {
  // Comments belong to declarations, where editors show them.
  await Promise.all([
    tsc(PROJECT, folder, '--emitDeclarationOnly'),
    tsc(PROJECT, folder, '--declaration', 'false', '--removeComments', '--noCheck'),
  ]);
  const cli = join(folder, COMMAND_LINE);
  const files = await bundleCommandLine(join(cli, 'main.js'));
  rmSync(cli, { recursive: true });
  keepReachable(folder, entriesOf(folder));
  files.writeTo(cli);
}

/** The files that package.json lets users import. */
function entriesOf(folder) {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  return Object.values(exports)
    .filter((target) => typeof target === 'object')
    .flatMap(({ types, default: code }) => [types, code])
    .map((path) => path.replace('./dist', folder));
}
