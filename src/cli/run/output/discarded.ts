/** Detects that results are lost because stdout is closed. */

import { fstatSync, readFileSync } from 'node:fs';
import { NULL_DEVICE } from '../../descriptors.ts';

const ACCESS = 0o3;
const READ_AND_WRITE = 0o2;

/**
 * Whether a stream was closed when the process was started. Node then opens `/dev/null` for reading and writing in
 * its place, before any code runs, whereas a shell opens it for writing only with `>/dev/null`. A parent process may
 * do the same as Node, so a positive answer is not certain. Always false where the system does not expose the flags.
 */
export function mayHaveBeenClosed(fd: number): boolean {
  try {
    if (fstatSync(fd).rdev !== NULL_DEVICE) return false;
    const flags = /^flags:\s*0([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
    return (Number.parseInt(flags?.[1] ?? '0', 8) & ACCESS) === READ_AND_WRITE;
  } catch {
    return false;
  }
}
