/**
 * The package: declarations as tsc makes them, the code that can be imported in few files, and the
 * command line as a bundle. Every file that is loaded costs time.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommandLine } from './command-line.js';
import { keepReferredTo } from './declarations.js';
import { bundleModules } from './modules.js';
import { buildPages } from './pages.js';
import { tsc } from './tsc.js';

const PROJECT = 'tsconfig.build.json';
const COMMAND_LINE = 'node/cli';

export async function buildLibrary(folder) {
  const code = mkdtempSync('build/.code-');
  try {
    await Promise.all([
      tsc(PROJECT, folder, '--emitDeclarationOnly'),
      // Comments belong to declarations, where editors show them.
      tsc(PROJECT, code, '--declaration', 'false', '--removeComments', '--noCheck'),
      buildPages(folder),
    ]);
    const entries = entriesOf('package.json');
    keepReferredTo(
      folder,
      entries.map(({ types }) => join(folder, types)),
    );
    rmSync(join(folder, COMMAND_LINE), { recursive: true });
    await bundleModules(
      code,
      folder,
      entries.map((entry) => entry.code),
    );
    await bundleCommandLine(join(code, COMMAND_LINE, 'main.js'), join(folder, COMMAND_LINE));
  } finally {
    rmSync(code, { recursive: true });
  }
}

/** The files that users can import, their paths in the package. */
function entriesOf(manifest) {
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.values(exports)
    .filter((target) => typeof target === 'object')
    .map(({ types, default: code }) => ({ types: inPackage(types), code: inPackage(code) }));
}

function inPackage(path) {
  return path.replace('./dist/', '');
}
