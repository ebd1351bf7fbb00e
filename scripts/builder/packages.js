/** Installs the packages of folders that have their own package.json, on demand. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isUpToDate, setStamp } from './stamps.js';

/** Installs the packages in the lock file of a folder, unless they are up to date. Peers are those of the root. */
export async function installIn(folder) {
  const lock = `${folder}/package-lock.json`;
  // Written by npm at the end: the list of installed packages.
  const installed = `${folder}/node_modules/.package-lock.json`;
  if (isUpToDate(installed, [lock])) return;
  const args = ['ci', '--prefix', folder, '--legacy-peer-deps', '--no-audit', '--no-fund'];
  const npm = spawn('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(npm, 'close');
  if (code !== 0) throw new Error(`the packages of ${folder}/ could not be installed`);
  setStamp(installed, [lock]);
}

/**
 * Lets programs compiled into another folder find the packages of a folder: `made` is where they are now, `place`
 * where they will be moved.
 */
export function linkPackages(folder, made, place) {
  const target = relative(resolve(place), resolve(folder, 'node_modules'));
  symlinkSync(target, join(made, 'node_modules'), 'junction');
}
