/** The pages for browsers: static files that need nothing from elsewhere. */

import { join } from 'node:path';
import { build } from 'vite';

const PAGES = ['dashboard'];

/** Builds each page into a folder of its own below `page/`. */
export async function buildPages(folder) {
  for (const name of PAGES) await buildPage(name, join(folder, 'page', name));
}

async function buildPage(name, outDir) {
  await build({
    root: join('src/page', name),
    base: './',
    configFile: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: join(process.cwd(), outDir),
      emptyOutDir: true,
      target: 'es2022',
      // Everything is a file: the pages' policy allows nothing inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
}
