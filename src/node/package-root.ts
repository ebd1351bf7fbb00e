/** Finds the folder of this package, from any of its files and bundles. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @throws Error if there is no `package.json` above the file, for instance in a user's bundle.
 */
export function packageRoot(): string {
  const file = fileURLToPath(import.meta.url);
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  throw new Error(`expected a package.json above ${file}`);
}
