/** Finds the place of a syntax error in a module or its imports, which the error of loading it does not contain. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The maximum number of files that are checked: each takes one start of Node. */
const MOST_FILES = 50;

/** Relative imports. */
const IMPORTS = /\b(?:import|from)\s*['"](\.[^'"]+)['"]/g;

/** The first line that Node prints: file or URL, and line number. */
const PLACE = /^(file:\/\/)?(\S.*:\d+)\r?\n/;

/** The message if something is imported that is not exported. By then no code was run. */
const NO_EXPORT = /^The requested module /;

/**
 * The file and line of the first syntax error; undefined if there is none. No code is run.
 *
 * @param message of the error of loading the module.
 */
export function syntaxPlace(path: string, message: string): string | undefined {
  if (NO_EXPORT.test(message)) {
    const url = JSON.stringify(pathToFileURL(path).href);
    return placeIn('--input-type=module', '--eval', `import ${url}`);
  }
  const files = new Set([resolve(path)]);
  for (const file of files) {
    const place = placeIn('--check', file);
    if (place !== undefined) return place;
    for (const imported of importsOf(file)) if (files.size < MOST_FILES) files.add(imported);
  }
  return undefined;
}

/** The place of the error that Node reports. */
function placeIn(...args: string[]): string | undefined {
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const [, isUrl, place] = PLACE.exec(stderr) ?? [];
  return isUrl === undefined || place === undefined ? place : decodeURIComponent(place);
}

function importsOf(file: string): string[] {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(IMPORTS)].map(([, name = '']) => name);
  return specifiers.map((name) => resolve(dirname(file), name)).filter((path) => existsSync(path));
}
