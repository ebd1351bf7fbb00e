/** The files of the page: read once, and served by their exact paths. */

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file as it is sent. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
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

/** Where the build puts the pages, as seen from the sources, the package and its command alike. */
const PAGES = fileURLToPath(new URL('../../../dist/page/', import.meta.url));

const PLACEHOLDER = Buffer.from(
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>taskpool</title>' +
    '<p>The page was not built: npm run build.</p></html>\n',
);

/** The files of a page by their paths: `/`, `/assets/index-1a2b3c4d.js`. */
export function assetsOf(page: 'dashboard' | 'inspector'): ReadonlyMap<string, Asset> {
  const folder = join(PAGES, page);
  const assets = new Map<string, Asset>();
  for (const file of filesIn(folder)) {
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const asset = { type, body: readFileSync(file), isHashed: path.startsWith('/assets/') };
    assets.set(path === '/index.html' ? '/' : path, asset);
  }
  if (!assets.has('/')) {
    assets.set('/', { type: TYPES['.html'] as string, body: PLACEHOLDER, isHashed: false });
  }
  return assets;
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
