/** Results that no one will ever see, though the run ends well. */

import { fstatSync, readFileSync } from 'node:fs';
import { NULL_DEVICE } from '../../descriptors.ts';

const ACCESS = 0o3;
const READ_AND_WRITE = 0o2;

/**
 * Whether a stream was closed when the process was started. Node then puts `/dev/null` in its place,
 * open for reading and writing, before any program of ours runs: what a shell gives it with
 * `>/dev/null` is open for writing alone. A parent may do the same as Node, so that nothing more can
 * be said than that it may have been closed. Always false where the system does not say.
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
