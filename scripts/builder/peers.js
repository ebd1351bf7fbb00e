/** The libraries that the benchmarks compare with: a package of their own, installed when needed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isUpToDate, setStamp } from './stamps.js';

const PACKAGE = 'bench';
const LOCK = `${PACKAGE}/package-lock.json`;
const MODULES = `${PACKAGE}/node_modules`;
/** What npm writes last: what it has installed. */
const INSTALLED = `${MODULES}/.package-lock.json`;

export async function installPeers() {
  if (isUpToDate(INSTALLED, [LOCK])) return;
  const npm = spawn('npm', ['ci', '--prefix', PACKAGE, '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(npm, 'close');
  if (code !== 0) throw new Error(`the packages of ${PACKAGE}/ could not be installed`);
  setStamp(INSTALLED, [LOCK]);
}

/** Lets compiled programs find the peers: a folder that will be at `place`, and is made in `folder`. */
export function linkPeers(folder, place) {
  symlinkSync(relative(resolve(place), resolve(MODULES)), join(folder, 'node_modules'), 'junction');
}
