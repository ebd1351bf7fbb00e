/** Computes a version of a module from its file. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * A hash of the file of a module, for the option `version` on both sides. Imports of the module are not included.
 *
 * @param file a path, or a URL: `new URL('./work.js', import.meta.url)`.
 * @returns 22 characters of base64url.
 * @throws an Error if the file cannot be read.
 */
export async function moduleHash(file: string | URL): Promise<string> {
  const path = typeof file === 'string' && !file.startsWith('file:') ? file : fileURLToPath(file);
  return createHash('sha256')
    .update(await readFile(path))
    .digest('base64url')
    .slice(0, 22);
}
