/** The file of a Unix socket: how it gets to its path, and who may have it. */

import { chmod, link, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AddressInUse } from '../../control/errors.ts';
import { mayRun, ownIdentity, type ProcessIdentity } from '../journal/process-identity.ts';

/** How long to wait for a server that may be there, or is starting: milliseconds. */
const PATIENCE = 2000;
/** How long to wait before it is tried again. */
const PAUSE = 10;
/** A start that has not said by then whose it is has crashed: milliseconds. */
const STALE = 1000;
/** In the folder where a socket is made: whose start it is. */
const STARTER = 'starter.json';
/** The longest path that every system takes is 103 bytes; the place to make it takes three more. */
const MAX_PATH_LENGTH = 100;

/** What tells a file from another that has taken its name. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * Has a socket made in a folder that only this user can enter, gives it its mode there, and only
 * then its path: it is never open to others, not even for a moment. A socket at that path of which
 * no one takes connections is replaced; one of a live server, or any other file, is left alone.
 *
 * @param bind makes the socket at the path it is given.
 * @throws AddressInUse, RangeError
 */
export async function placeSocket(
  path: string,
  mode: number,
  bind: (path: string) => Promise<void>,
): Promise<FileIdentity> {
  checkLength(path);
  // The folder is the lock as well: of several servers that start here one is at it at a time.
  const room = `${path}~`;
  await enter(room, path);
  try {
    const socket = join(room, 's');
    await bind(socket);
    await chmod(socket, mode);
    const identity = await lstat(socket, { bigint: true });
    if (!(await tries(link(socket, path), 'EEXIST'))) {
      await checkDead(path);
      await rename(socket, path);
    }
    return identity;
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** Removes a socket, unless another has taken its name. */
export async function removeSocket(path: string, { dev, ino }: FileIdentity): Promise<void> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  if (found?.dev === dev && found.ino === ino) await rm(path, { force: true });
}

async function enter(room: string, path: string): Promise<void> {
  for (let waited = 0; waited <= PATIENCE; waited += PAUSE) {
    if (await tries(mkdir(room, { mode: 0o700 }), 'EEXIST')) {
      await writeFile(join(room, STARTER), JSON.stringify(ownIdentity())).catch(async (error) => {
        await rm(room, { recursive: true, force: true });
        throw error;
      });
      return;
    }
    if (await hasCrashed(room)) await rm(room, { recursive: true, force: true });
    else await sleep(PAUSE);
  }
  throw new AddressInUse(`expected to be the only server that starts at ${path}, got another`);
}

/** Whether a start is over that did not get to its end. */
async function hasCrashed(room: string): Promise<boolean> {
  const starter = await readFile(join(room, STARTER), 'utf8').then(parsed, () => undefined);
  if (starter !== undefined) return !mayRun(starter);
  const found = await lstat(room).catch(() => undefined);
  // What was made in the future was made before the clock was set back.
  return found !== undefined && Math.abs(Date.now() - found.mtimeMs) > STALE;
}

/** Undefined for what is not written to its end. */
function parsed(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** @throws AddressInUse unless it is a socket of which no one takes connections. */
async function checkDead(path: string): Promise<void> {
  if (!(await lstat(path)).isSocket()) {
    throw new AddressInUse(`expected a free path or a socket left over, got a file at ${path}`);
  }
  if (await isAlive(path)) {
    throw new AddressInUse(`expected a path that no server listens at, got ${path}`);
  }
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(PATIENCE, () => settle(true));
    socket.once('connect', () => settle(true));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => settle(code !== 'ECONNREFUSED'));
  });
}

/** Whether it worked; false for the one failure that is expected. */
async function tries(attempt: Promise<unknown>, expected: string): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false;
    throw error;
  }
}

function checkLength(path: string): void {
  const length = Buffer.byteLength(path);
  if (length <= MAX_PATH_LENGTH) return;
  throw new RangeError(
    `expected a path of at most ${MAX_PATH_LENGTH} bytes for a socket, got ${length}: ${path}`,
  );
}
