/** Where this package is, whichever of its files, or of their bundles, asks. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @throws Error if there is no `package.json` above the file, as in a bundle of someone else's. */
export function packageRoot(): string {
  const file = fileURLToPath(import.meta.url);
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  throw new Error(`expected a package.json above ${file}`);
}
