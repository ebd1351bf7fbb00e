/** System programs that tests need. */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program is installed. In CI it is assumed to be, so that tests fail there instead of being skipped. */
export function hasTool(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return (
    process.env['CI'] !== undefined || folders.some((folder) => existsSync(join(folder, command)))
  );
}
