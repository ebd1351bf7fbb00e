/**
 * Loads the command line from a cache of compiled code: compiling takes a third of the time of a run of one item.
 * Node's own compile cache for modules (since version 22) is slower than this one.
 */

import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type * as Zlib from 'node:zlib';

/** The hash of all code, inserted by the build: code compiled by another build is discarded. */
const BUILD = Buffer.from('__BUILD__');

/** Required by code that calls `import()`: a cached script cannot, but this module, which Node compiles, can. */
const IMPORT = 'import';

/** The name of a package instead of a URL: one of those that we use, in CommonJS. */
const PACKAGE = /^[\w-]+$/;

/** The code of all other files. */
const ARCHIVE = 'code.json.br';

/** The bytes that the lengths take: a multiple of 8, since V8 expects its data to be aligned. */
const LENGTHS = 8;

/** The permission bits of everybody but the owner. */
const OF_OTHERS = 0o077;

/** Source code by file name. */
type Archive = Readonly<Record<string, string>>;
type Require = (id: string) => unknown;
type Body = (exports: object, require: Require, module: object, file: string, dir: string) => void;

/** The cache entry of a file. */
interface Kept {
  /**
   * A function of the module, wrapped before it is cached, since long strings fill the young generation of the heap.
   */
  readonly code: string;
  readonly cachedData?: Buffer;
}

const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env;

const folder = import.meta.dirname;
/** The folder with compiled code; undefined if there is no safe place for it. */
const place = NODE_DISABLE_COMPILE_CACHE || NODE_V8_COVERAGE ? undefined : openPlace();
const modules = new Map<string, { readonly exports: object }>();
/**
 * V8 caches the functions that the process has called and compiles all others each time. So `run`, which scripts call
 * again and again, has entries of its own, independent of which subcommand ran first.
 */
const prefix = process.argv[2] === 'run' ? 'run-' : '';
/** Read when a file is not in the cache. */
let archive: Archive | undefined;
/** Scripts that are not in the cache yet. */
const compiled = new Map<string, { readonly code: string; readonly script: Script }>();

// At exit, since functions that were called until then are cached as well.
process.once('exit', keep);

/** The `require` for files next to this one. */
export function loadCompiled<T extends object>(name: string): T {
  const known = modules.get(name);
  if (known !== undefined) return known.exports as T;
  const module = { exports: {} };
  modules.set(name, module);
  const path = join(folder, name);
  const body = compile(name, path).runInThisContext() as Body;
  body(module.exports, requireFrom, module, path, folder);
  return module.exports as T;
}

function requireFrom(id: string): unknown {
  if (id === IMPORT) return importModule;
  return id.startsWith('./') ? loadCompiled(id.slice(2)) : require(id);
}

async function importModule(id: string): Promise<unknown> {
  if (!PACKAGE.test(id)) return import(id);
  // Takes half as long: `import()` reads files in threads and searches them for the names of exports.
  const exports = require(id) as object;
  return { ...exports, default: exports };
}

function compile(name: string, filename: string): Script {
  const { code, cachedData }: Kept = kept(name) ?? { code: shipped(name) };
  const script = new Script(
    code,
    cachedData === undefined ? { filename } : { filename, cachedData },
  );
  if (script.cachedDataRejected !== false) compiled.set(name, { code, script });
  return script;
}

/** Code as shipped in the package: all files in one archive, which is a seventh smaller. It is pure ASCII. */
function shipped(name: string): string {
  archive ??= readArchive();
  return `(function(exports,require,module,__filename,__dirname){${archive[name]}\n})`;
}

function readArchive(): Archive {
  const { brotliDecompressSync } = require('node:zlib') as typeof Zlib;
  const packed = readFileSync(join(folder, ARCHIVE));
  return JSON.parse(brotliDecompressSync(packed).toString('latin1')) as Archive;
}

/** Reads the cache entry of a file: the build, both lengths, the data of V8, and the code. */
function kept(name: string): Kept | undefined {
  if (place === undefined) return undefined;
  try {
    const all = readFileSync(join(place, prefix + name));
    if (!BUILD.equals(all.subarray(0, BUILD.length))) return undefined;
    const start = BUILD.length + LENGTHS;
    const end = start + all.readUInt32LE(BUILD.length);
    // A truncated file is ignored.
    if (all.length !== end + all.readUInt32LE(BUILD.length + 4)) return undefined;
    return { code: all.toString('latin1', end), cachedData: all.subarray(start, end) };
  } catch {
    return undefined;
  }
}

function keep(): void {
  if (place === undefined) return;
  try {
    for (const [name, { code, script }] of compiled) {
      const data = script.createCachedData();
      const lengths = Buffer.alloc(LENGTHS);
      lengths.writeUInt32LE(data.length);
      lengths.writeUInt32LE(code.length, 4);
      const parts = [BUILD, lengths, data, Buffer.from(code, 'latin1')];
      replace(join(place, prefix + name), Buffer.concat(parts));
    }
  } catch {
    // Caching is optional: a full disk must not fail the command.
  }
}

/** Replaces a file atomically, since V8 runs what it is given unchecked: a reader sees the whole file or none. */
function replace(path: string, data: Buffer): void {
  const written = `${path}.${process.pid}`;
  try {
    // A process in another container may have the same process id.
    writeFileSync(written, data, { flag: 'wx' });
    renameSync(written, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(written, { force: true });
    throw error;
  }
}

/** A folder that no other user can write to, since its contents are run. */
function openPlace(): string | undefined {
  const user = process.getuid?.();
  const name = `taskpool-code-${process.version}-${process.arch}-${user ?? ''}-${hashOf(folder)}`;
  const path = join(NODE_COMPILE_CACHE ?? tmpdir(), name);
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
    const { uid, mode } = lstatSync(path);
    const isOurs = user === undefined || (uid === user && (mode & OF_OTHERS) === 0);
    return isOurs ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Tells installations apart: stack traces of compiled code name the files that it was compiled from. */
function hashOf(text: string): string {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (31 * hash + text.charCodeAt(at)) | 0;
  return (hash >>> 0).toString(36);
}
