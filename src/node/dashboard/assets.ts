/** The files of the page: read once, and served by their exact paths. */

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packageRoot } from '../package-root.ts';

/** A file as it is sent. */
export interface Asset {
  readonly type: string;
  /** Compressed with gzip, as nearly everybody takes it. */
  readonly gzipped: Buffer;
  /** Whether its name changes with what it holds. */
  readonly isHashed: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

const PLACEHOLDER =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>taskpool</title>' +
  '<p>The page was not built: npm run build.</p></html>\n';

/** The files of a page by their paths: `/`, `/assets/index-1a2b3c4d.js`. */
export function assetsOf(page: 'dashboard' | 'inspector'): ReadonlyMap<string, Asset> {
  const folder = join(packageRoot(), 'dist/page', page);
  const assets = new Map<string, Asset>();
  for (const file of filesIn(folder)) {
    const bytes = readFileSync(file);
    // Published compressed: the package is smaller by two thirds of them.
    const isGzipped = file.endsWith('.gz');
    const name = isGzipped ? file.slice(0, -'.gz'.length) : file;
    const path = `/${relative(folder, name).split(sep).join('/')}`;
    assets.set(path === '/index.html' ? '/' : path, {
      type: TYPES[extname(name)] ?? 'application/octet-stream',
      gzipped: isGzipped ? bytes : gzipSync(bytes),
      isHashed: path.startsWith('/assets/'),
    });
  }
  if (!assets.has('/')) {
    const type = TYPES['.html'] as string;
    assets.set('/', { type, gzipped: gzipSync(PLACEHOLDER), isHashed: false });
  }
  return assets;
}

/** The bytes of a file for those who do not take it compressed. */
export function plainBytes({ gzipped }: Asset): Buffer {
  return gunzipSync(gzipped);
}

function filesIn(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
