/**
 * What users import, in few files: one for each entry point of package.json, and one for whatever
 * the same entry points share. Node takes longer to find and begin a hundred files than to read one.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { breakLines, inAscii, MINIFY, markPure } from './finish.js';

/** Parts of `index.js` that are used alone, in files of their own: bundlers drop the others. */
const APART = { errors: 'errors', queue: 'pool/queue' };

/** Programs of threads, which are started by their files. */
const PROGRAMS = ['threads/thread-main'];

/** What imports from Node is in no bundle for browsers. */
const OF_NODE = /\bfrom\s*["'`]node:/;

/** @param entries paths below `src/`, without `.ts` */
export async function bundleModules(folder, entries, tsconfig) {
  const input = Object.fromEntries([
    ...[...entries, ...PROGRAMS].map((path) => [path, `src/${path}.ts`]),
    ...Object.entries(APART).map(([name, path]) => [`parts/${name}`, `src/${path}.ts`]),
  ]);
  const bundle = await rolldown({
    input,
    tsconfig,
    // Nothing of Node comes into a file that runs elsewhere: files are shared by entry points alone.
    platform: 'neutral',
    external: (id) => !/^[./]/.test(id),
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name].js',
    minifyInternalExports: true,
    comments: false,
    minify: MINIFY,
  });
  await bundle.close();
  for (const { fileName, code } of output) {
    mkdirSync(join(folder, dirname(fileName)), { recursive: true });
    // Bundles for Node drop nothing.
    const marked = OF_NODE.test(code) ? code : markPure(code);
    writeFileSync(join(folder, fileName), inAscii(breakLines(marked)));
  }
}
