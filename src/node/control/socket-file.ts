/** The file of a Unix socket: how it gets to its path, and who may have it. */

import { chmod, link, lstat, mkdtemp, rename, rm, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { AddressInUse } from '../../control/errors.ts';

/** How often others may come first before it is given up. */
const ATTEMPTS = 5;
/** How long to wait for a server that may be there: milliseconds. */
const PATIENCE = 1000;
/** The longest path that every system takes: 104 bytes with the zero at the end. */
const MAX_PATH_LENGTH = 103;

/** What tells a file from another that has taken its name. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * Has a socket made in a folder that only this user can enter, gives it its mode there, and only
 * then its path: it is never open to others, not even for a moment. A socket at that path of which
 * nobody takes connections is replaced; one of a live server, or any other file, is left alone.
 *
 * @param bind makes the socket at the path it is given.
 * @throws AddressInUse, RangeError
 */
export async function placeSocket(
  path: string,
  mode: number,
  bind: (path: string) => Promise<void>,
): Promise<FileIdentity> {
  const room = await mkdtemp(join(dirname(path), '.'));
  try {
    const socket = join(room, 's');
    checkLength(path);
    checkLength(socket);
    await bind(socket);
    await chmod(socket, mode);
    const identity = await lstat(socket, { bigint: true });
    await giveName(socket, path, join(room, 'old'));
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

async function giveName(socket: string, path: string, old: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Never over a file that is there: another server may have come first.
    if (await tries(link(socket, path), 'EEXIST')) return;
    await checkDead(path, path);
    // Taken out of the way before it is removed, and looked at again: what is at the path by now
    // may be another one.
    if (!(await tries(rename(path, old), 'ENOENT'))) continue;
    try {
      await checkDead(old, path);
    } catch (error) {
      await tries(link(old, path), 'EEXIST');
      throw error;
    }
    await unlink(old);
  }
  throw new AddressInUse(`expected to be the only server that starts at ${path}, got others`);
}

/** @throws AddressInUse unless it is a socket of which nobody takes connections, or gone. */
async function checkDead(file: string, path: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new AddressInUse(`expected a free path or a socket left over, got a file at ${path}`);
  }
  if (await isAlive(file)) {
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
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      settle(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });
}

/** Whether it worked; false for the one failure that is expected. */
async function tries(attempt: Promise<void>, expected: string): Promise<boolean> {
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
