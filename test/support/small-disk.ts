/** A small disk. */

import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folders.ts';

/**
 * The folder of a disk in memory, which is unmounted after the test; undefined if mounting is not permitted.
 *
 * @param size such as `600k`.
 */
export async function smallDisk(size: string): Promise<string | undefined> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  // Lazily, since libsql only releases its files when its connection is garbage collected.
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}
