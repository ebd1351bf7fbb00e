/** The files of the page: read once, and served by their exact paths. */

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { packageRoot } from '../package-root.ts';

/** How files are published: smaller by two thirds, and by an eighth than with gzip. */
const SHIPPED = '.br';

/** A file as it is sent. */
export class Asset {
  readonly type: string;
  /** Whether its name changes with what it holds. */
  readonly isHashed: boolean;
  readonly #plain: () => Buffer;
  #gzipped: Buffer | undefined = undefined;

  constructor(type: string, isHashed: boolean, plain: () => Buffer) {
    this.type = type;
    this.isHashed = isHashed;
    this.#plain = plain;
  }

  /** Compressed as all browsers take it: by brotli they do only over TLS. */
  get gzipped(): Buffer {
    this.#gzipped ??= gzipSync(this.#plain());
    return this.#gzipped;
  }

  /** The bytes for those who do not take it compressed. */
  get plain(): Buffer {
    return this.#plain();
  }
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
    const isShipped = file.endsWith(SHIPPED);
    const name = isShipped ? file.slice(0, -SHIPPED.length) : file;
    const path = `/${relative(folder, name).split(sep).join('/')}`;
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    const plain = () => (isShipped ? brotliDecompressSync(bytes) : bytes);
    const asset = new Asset(type, path.startsWith('/assets/'), plain);
    assets.set(path === '/index.html' ? '/' : path, asset);
  }
  if (!assets.has('/')) {
    const type = TYPES['.html'] as string;
    assets.set('/', new Asset(type, false, () => Buffer.from(PLACEHOLDER)));
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
