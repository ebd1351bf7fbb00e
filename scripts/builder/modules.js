/**
 * What users import, in few files: one for each entry point of package.json, and one for whatever
 * the same entry points share. Node takes longer to find and begin a hundred files than to read one.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { breakLines, MINIFY, markPure } from './finish.js';

/** Parts of `index.js` that are used alone, in files of their own: bundlers drop the others. */
const APART = { errors: 'errors.js', queue: 'pool/queue.js' };

/**
 * @param from the folder that tsc wrote
 * @param entries paths in it
 */
export async function bundleModules(from, to, entries) {
  const input = Object.fromEntries([
    ...entries.map((path) => [path.replace(/\.js$/, ''), join(from, path)]),
    ...Object.entries(APART).map(([name, path]) => [`parts/${name}`, join(from, path)]),
  ]);
  const bundle = await rolldown({
    input,
    // Nothing of Node comes into a file that runs elsewhere: files are shared by entry points alone.
    platform: 'neutral',
    external: (id) => !/^[./]/.test(id),
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name].js',
    minifyInternalExports: false,
    comments: false,
    minify: MINIFY,
  });
  await bundle.close();
  for (const { fileName, code } of output) {
    mkdirSync(join(to, dirname(fileName)), { recursive: true });
    writeFileSync(join(to, fileName), breakLines(markPure(code)));
  }
}
