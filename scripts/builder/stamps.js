/** What was made of what: a hash of both for each target, kept in `build/`. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'build/.stamps';

/** Whether the target is what these sources were made into last, and both are unchanged. */
export function isUpToDate(target, sources) {
  try {
    return readFileSync(stampOf(target), 'utf8') === hashOf([...sources, target]);
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Call it when the target was made of the sources. */
export function setStamp(target, sources) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(stampOf(target), hashOf([...sources, target]));
}

function stampOf(target) {
  return join(FOLDER, target.replaceAll('/', '-'));
}

/** Contents and names, so that what was touched but not changed needs no building. */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow)) {
    const text = readFileSync(file);
    hash.update(`${file}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex');
}

/** All but installed packages: the lock beside them says what they are. */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}
