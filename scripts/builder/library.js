/**
 * Builds the package: declarations, few files with the code that users import, the pages for browsers, and the
 * command line as a bundle. Few files, since loading each takes time.
 */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommandLine } from './command-line.js';
import { keepReferredTo } from './declarations.js';
import { bundleModules } from './modules.js';
import { buildPages } from './pages.js';
import { tsc } from './tsc.js';
import { withoutXstate } from './without-xstate.js';

const PROJECT = 'tsconfig.build.json';
const COMMAND_LINE = 'cli';

export async function buildLibrary(folder) {
  const entries = entriesOf('package.json');
  const charts = await withoutXstate(PROJECT);
  await Promise.all([
    declare(folder, entries),
    bundleModules(folder, entries, PROJECT),
    buildPages(folder, charts),
  ]);
  await bundleCommandLine(join(folder, COMMAND_LINE), PROJECT, charts);
}

/** Writes the declarations without checking types, which `npm run check` does. */
async function declare(folder, entries) {
  await tsc(PROJECT, folder, '--emitDeclarationOnly', '--noCheck');
  rmSync(join(folder, COMMAND_LINE), { recursive: true });
  keepReferredTo(
    folder,
    entries.map((path) => join(folder, `${path}.d.ts`)),
  );
}

/** The modules that users can import: paths relative to `src/`, and to the package, without extensions. */
function entriesOf(manifest) {
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.values(exports)
    .filter((target) => typeof target === 'object')
    .map((target) => /^\.\/dist\/(.*)\.js$/.exec(target.default)[1]);
}
