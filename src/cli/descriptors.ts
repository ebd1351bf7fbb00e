/** The standard streams, without those of Node: these take longer to make than a short command runs. */

import { fstatSync, writeSync } from 'node:fs';

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

/** Those that only a stream can write to. */
const needsStream = new Set<number>();

/** The number of `/dev/null` on Linux: major 1, minor 3. */
export const NULL_DEVICE = 0x103;

/** Whether it is a terminal. Node is only asked if it may be one. */
export function isTerminal(fd: typeof STDOUT | typeof STDERR): boolean {
  const stat = fstatSync(fd);
  if (!stat.isCharacterDevice() || stat.rdev === NULL_DEVICE) return false;
  return streamOf(fd).isTTY;
}

/**
 * Writes at once, as the stream does. It is left to the stream what cannot be written at once, as when
 * another program has made a pipe refuse, and what comes after that; and to report that nothing can be.
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
