/** Where the syntax of a module, or of one that it imports, is wrong: what `import()` throws does not say it. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** How many files are looked at: each takes as long as Node takes to start. */
const MOST_FILES = 50;

/** What is imported from a file beside it. */
const IMPORTS = /\b(?:import|from)\s*['"](\.[^'"]+)['"]/g;

/** What Node prints first: the file and the line. */
const PLACE = /^(?:file:\/\/)?(\S.*:\d+)\r?\n/;

/** A file and a line; undefined if all that was looked at is right. Nothing of it is run. */
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
