/**
 * Bundles what users import into few files: one for each entry point of package.json, and one for each set of entry
 * points that share code. Node takes longer to find and start a hundred files than to read one.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { breakLines, inAscii, MINIFY, markPure, withoutBareImports } from './finish.js';

/** Parts of `index.js` that are often used alone. They are files of their own, so that bundlers drop the others. */
const APART = { errors: 'errors', queue: 'pool/queue' };

/** Programs of threads, which are started by file name. */
const PROGRAMS = ['threads/thread-main'];

/** Code that imports from Node is never bundled for browsers. */
const OF_NODE = /\bfrom\s*["'`]node:/;

/**
 * @param entries paths relative to `src/`, without `.ts`.
 */
export async function bundleModules(folder, entries, tsconfig) {
  const input = Object.fromEntries([
    ...[...entries, ...PROGRAMS].map((path) => [path, `src/${path}.ts`]),
    ...Object.entries(APART).map(([name, path]) => [`parts/${name}`, `src/${path}.ts`]),
  ]);
  const bundle = await rolldown({
    input,
    tsconfig,
    // Code for Node never gets into a file that runs elsewhere, since code is only shared by entry points that import
    // it.
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
    // Not needed for Node, where nothing is dropped.
    const needed = withoutBareImports(code);
    const marked = OF_NODE.test(needed) ? needed : markPure(needed);
    writeFileSync(join(folder, fileName), inAscii(breakLines(marked)));
  }
}
