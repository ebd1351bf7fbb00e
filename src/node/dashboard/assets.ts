/** The files of a page: read once, and served by their exact paths. */

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { packageRoot } from '../package-root.ts';

/**
 * The extension of published files, which are compressed by brotli: a third of the size, and an eighth smaller than
 * with gzip.
 */
const SHIPPED = '.br';

/** A served file. */
export class Asset {
  readonly type: string;
  /** Whether its name contains a hash of its contents. */
  readonly isHashed: boolean;
  readonly #plain: () => Buffer;
  #gzipped: Buffer | undefined = undefined;

  constructor(type: string, isHashed: boolean, plain: () => Buffer) {
    this.type = type;
    this.isHashed = isHashed;
    this.#plain = plain;
  }

  /** Compressed by gzip, which all browsers accept; brotli they accept only over TLS. */
  get gzipped(): Buffer {
    this.#gzipped ??= gzipSync(this.#plain());
    return this.#gzipped;
  }

  /** The uncompressed bytes, for other clients. */
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

/** The files of a page by path: `/`, `/assets/index-1a2b3c4d.js`. */
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
