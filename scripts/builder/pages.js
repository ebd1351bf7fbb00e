/** Builds the pages for browsers: static files that load nothing from other servers. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

const PAGES = ['dashboard', 'inspector'];

/** Builds each page into its own folder in `page/`. @param charts see `withoutXstate`. */
export async function buildPages(folder, charts) {
  for (const name of PAGES) {
    const target = join(folder, 'page', name);
    await buildPage(name, target, charts);
    compress(target);
  }
}

/** Compresses the files, which the server sends as they are. */
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
    // Under tests too, whose NODE_ENV would add the source position of each element.
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
    build: {
      outDir: join(process.cwd(), outDir),
      emptyOutDir: true,
      target: 'es2022',
      // Only files, since the content security policy of the pages forbids inline code.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
}
