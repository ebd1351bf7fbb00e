/** System programs that tests need. */

import { spawnSync } from 'node:child_process';

/** Whether a program is installed. In CI it is assumed to be, so that tests fail there instead of being skipped. */
export function hasTool(command: string, versionOption = '--version'): boolean {
  return process.env['CI'] !== undefined || spawnSync(command, [versionOption]).status === 0;
}
