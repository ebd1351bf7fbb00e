/** Finds the place of a syntax error in a module or its imports, which the error of `import()` does not contain. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The maximum number of files that are checked: each takes one start of Node. */
const MOST_FILES = 50;

/** Relative imports. */
const IMPORTS = /\b(?:import|from)\s*['"](\.[^'"]+)['"]/g;

/** The first line that Node prints: file and line number. */
const PLACE = /^(?:file:\/\/)?(\S.*:\d+)\r?\n/;

/** The file and line of the first syntax error; undefined if there is none. No code is run. */
export function syntaxPlace(path: string): string | undefined {
  const files = new Set([resolve(path)]);
  for (const file of files) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
    if (status !== 0) return PLACE.exec(stderr)?.[1];
    for (const imported of importsOf(file)) if (files.size < MOST_FILES) files.add(imported);
  }
  return undefined;
}

function importsOf(file: string): string[] {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(IMPORTS)].map(([, name = '']) => name);
  return specifiers.map((name) => resolve(dirname(file), name)).filter((path) => existsSync(path));
}
