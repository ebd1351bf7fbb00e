/**
 * Access to the standard streams by file descriptor: creating Node's streams takes longer than a short command runs.
 */

import { fstatSync, writeSync } from 'node:fs';

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

/** Descriptors to which only the stream can write any more. */
const needsStream = new Set<number>();

/** The number of `/dev/null` on Linux: major 1, minor 3. */
export const NULL_DEVICE = 0x103;

/** Whether a descriptor is a terminal. Node's stream is created only if it may be one. */
export function isTerminal(fd: typeof STDOUT | typeof STDERR): boolean {
  const stat = fstatSync(fd);
  if (!stat.isCharacterDevice() || stat.rdev === NULL_DEVICE) return false;
  return streamOf(fd).isTTY;
}

/**
 * Writes synchronously. When that fails (another program has made the pipe non-blocking), the rest and all later data
 * go through Node's stream, which also reports errors.
 */
export function writeTo(fd: typeof STDOUT | typeof STDERR, data: string | Uint8Array): void {
  let rest = typeof data === 'string' ? Buffer.from(data) : data;
  while (rest.length > 0 && !needsStream.has(fd)) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch {
      needsStream.add(fd);
    }
  }
  if (rest.length > 0) streamOf(fd).write(rest);
}

function streamOf(fd: typeof STDOUT | typeof STDERR): NodeJS.WriteStream {
  return fd === STDOUT ? process.stdout : process.stderr;
}
