/** Creates the file of a Unix socket with the right permissions, atomically. */

import { chmod, link, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AddressInUse } from '../../control/errors.ts';
import { mayRun, ownIdentity, type ProcessIdentity } from '../journal/process-identity.ts';

/** Milliseconds to wait for a server that is starting or may be alive. */
const PATIENCE = 2000;
/** Milliseconds between two attempts. */
const PAUSE = 10;
/** Milliseconds after which a start that has not recorded its process counts as crashed. */
const STALE = 1000;
/** The file that records the starting process, in the folder where the socket is created. */
const STARTER = 'starter.json';
/** The maximum length of a path in bytes: systems allow 103, and the temporary path is three longer. */
const MAX_PATH_LENGTH = 100;

/** Identifies a file, even if another one has taken its name. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * Creates a socket in a folder that only this user can enter, sets its mode there, and then moves it to its path, so
 * that it is never accessible to others, not even briefly. A socket at that path without a listening server is
 * replaced; one of a live server, or any other file, is left alone.
 *
 * @param bind creates the socket at the given path.
 * @throws AddressInUse, RangeError
 */
export async function placeSocket(
  path: string,
  mode: number,
  bind: (path: string) => Promise<void>,
): Promise<FileIdentity> {
  checkLength(path);
  // The folder also serves as a lock between servers that start here concurrently.
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

/** Removes a socket, unless another file has taken its name. */
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

/** Whether the process that was starting has crashed. */
async function hasCrashed(room: string): Promise<boolean> {
  const starter = await readFile(join(room, STARTER), 'utf8').then(parsed, () => undefined);
  if (starter !== undefined) return !mayRun(starter);
  const found = await lstat(room).catch(() => undefined);
  // A time in the future means that the clock was set back.
  return found !== undefined && Math.abs(Date.now() - found.mtimeMs) > STALE;
}

/** Returns undefined for an incomplete file. */
function parsed(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/**
 * @throws AddressInUse unless it is a socket without a listening server.
 */
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

/** Returns whether it succeeded; false for the expected error. */
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
