/** Tracks whether targets are up to date, by a hash of each target and its sources in `build/`. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'build/.stamps';

/** Whether neither the target nor its sources have changed since it was built. */
export function isUpToDate(target, sources) {
  try {
    return readFileSync(stampOf(target), 'utf8') === hashOf([...sources, target]);
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** To be called when the target has been built. */
export function setStamp(target, sources) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(stampOf(target), hashOf([...sources, target]));
}

function stampOf(target) {
  return join(FOLDER, target.replaceAll('/', '-'));
}

/** Hashes names and contents, so that touched but unchanged files need no rebuild. */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow)) {
    const text = readFileSync(file);
    hash.update(`${file}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex');
}

/** All files except installed packages, which the lock file beside them determines. */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}
