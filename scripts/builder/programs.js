/**
 * Builds the programs that tests run as processes: each is a single file, with the built package and all other
 * packages. Node takes longer to find and start a hundred files than to start such a program.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { tsc } from './tsc.js';

/** Their folders, but for those that threads load: modules that import the package as it is shipped. */
const FOLDERS = ['test/system/programs', 'test/system/journal/programs'];

export async function buildPrograms(folder) {
  const paths = FOLDERS.flatMap((path) => readdirSync(path).map((name) => join(path, name)));
  // Types are checked together with those of all tests.
  await Promise.all([tsc('tsconfig.tests.json', folder, '--noCheck'), ...paths.map(bundle)]);

  async function bundle(path) {
    const program = await rolldown({
      input: path,
      platform: 'node',
      // A native module.
      external: ['libsql'],
      tsconfig: false,
      transform: { target: 'es2022' },
    });
    const file = join(folder, path.replace(/\.ts$/, '.js'));
    await program.write({ file, format: 'esm', codeSplitting: false, comments: false });
    await program.close();
  }
}
