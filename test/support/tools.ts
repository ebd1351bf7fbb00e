/** Programs of the system that tests need. */

import { spawnSync } from 'node:child_process';

/**
 * Whether a program is there. Where tests are counted it is taken to be: one that is missing is a
 * failure there, not a test that is skipped.
 */
export function hasTool(command: string, versionOption = '--version'): boolean {
  return process.env['CI'] !== undefined || spawnSync(command, [versionOption]).status === 0;
}
