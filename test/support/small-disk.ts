/** A disk that is soon full. */

import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folders.ts';

/**
 * The folder of a disk in memory that is gone when the test is over; undefined where we must not mount
 * one.
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
  // Lazily: libsql lets its files go when its connection is collected as garbage.
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}
