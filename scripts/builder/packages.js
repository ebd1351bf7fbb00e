/** Folders with packages of their own, which are installed when they are needed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isUpToDate, setStamp } from './stamps.js';

/** Installs what the lock file of a folder says, unless it is there. What is a peer is the root's. */
export async function installIn(folder) {
  const lock = `${folder}/package-lock.json`;
  // What npm writes last: what it has installed.
  const installed = `${folder}/node_modules/.package-lock.json`;
  if (isUpToDate(installed, [lock])) return;
  const args = ['ci', '--prefix', folder, '--legacy-peer-deps', '--no-audit', '--no-fund'];
  const npm = spawn('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(npm, 'close');
  if (code !== 0) throw new Error(`the packages of ${folder}/ could not be installed`);
  setStamp(installed, [lock]);
}

/**
 * Lets programs compiled to another place find the packages of a folder: `made` is where they are now,
 * `place` where they will be.
 */
export function linkPackages(folder, made, place) {
  const target = relative(resolve(place), resolve(folder, 'node_modules'));
  symlinkSync(target, join(made, 'node_modules'), 'junction');
}
