/** The version of a module: what it consists of. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * A text that changes with the file of a module, for the option `version` on both sides. What the module
 * imports does not count.
 *
 * @param file a path, or a URL: `new URL('./work.js', import.meta.url)`.
 */
export async function moduleHash(file: string | URL): Promise<string> {
  const path = typeof file === 'string' && !file.startsWith('file:') ? file : fileURLToPath(file);
  return createHash('sha256')
    .update(await readFile(path))
    .digest('base64url')
    .slice(0, 22);
}
