/** The pages for browsers: static files that need nothing from elsewhere. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

const PAGES = ['dashboard', 'inspector'];

/** Builds each page into a folder of its own below `page/`. @param charts see `withoutXstate`. */
export async function buildPages(folder, charts) {
  for (const name of PAGES) {
    const target = join(folder, 'page', name);
    await buildPage(name, target, charts);
    compress(target);
  }
}

/** Files are shipped compressed: the server has them as browsers take them. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
    rmSync(file);
  }
}

async function buildPage(name, outDir, charts) {
  await build({
    plugins: [charts],
    root: join('src/page', name),
    base: './',
    configFile: false,
    logLevel: 'warn',
    // The same under tests, whose NODE_ENV would have the place of each element in the code.
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
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
