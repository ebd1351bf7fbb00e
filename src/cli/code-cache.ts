/**
 * Loads the command line, compiled already if it was run before: compiling it takes a third of the time of
 * a run of one item. Node has a cache for all modules, since version 22, with which that takes longer.
 */

import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type * as Zlib from 'node:zlib';

/** The build puts a hash of all code here: what was compiled of other code is of no use. */
const BUILD = Buffer.from('__BUILD__');

/** The file that Node itself compiles: a script that was kept cannot import anything. */
const IMPORT = './import.cjs';

/** The code of all other files. */
const ARCHIVE = 'code.json.br';

/** How many bytes the lengths take: a multiple of 8, as V8 likes its data to begin. */
const LENGTHS = 8;

/** The permissions of all but the owner. */
const OF_OTHERS = 0o077;

/** Code by the names of files. */
type Archive = Readonly<Record<string, string>>;
type Require = (id: string) => unknown;
type Body = (exports: object, require: Require, module: object, file: string, dir: string) => void;

/** What is kept of a file. */
interface Kept {
  /** A function of the module: put together before it is kept, since long texts fill the young heap. */
  readonly code: string;
  readonly cachedData?: Buffer;
}

const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env;

const folder = import.meta.dirname;
/** Where compiled code is; undefined where there is no place for it. */
const place = NODE_DISABLE_COMPILE_CACHE || NODE_V8_COVERAGE ? undefined : openPlace();
const modules = new Map<string, { readonly exports: object }>();
/**
 * V8 keeps what was called by the process that kept it, and compiles all else each time: so what is kept of
 * `run`, which scripts call again and again, does not depend on which subcommand was the first.
 */
const prefix = process.argv[2] === 'run' ? 'run-' : '';
/** Read when something is not kept. */
let archive: Archive | undefined;
/** What is still to be kept. */
const compiled = new Map<string, { readonly code: string; readonly script: Script }>();

// What was called until then is compiled, too.
process.once('exit', keep);

/** What `require` does with a file beside this one. */
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
  return id.startsWith('./') && id !== IMPORT ? loadCompiled(id.slice(2)) : require(id);
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

/** Code as it comes in the package: of all files in one, which takes a seventh less. All of it is ASCII. */
function shipped(name: string): string {
  archive ??= readArchive();
  return `(function(exports,require,module,__filename,__dirname){${archive[name]}\n})`;
}

function readArchive(): Archive {
  const { brotliDecompressSync } = require('node:zlib') as typeof Zlib;
  const packed = readFileSync(join(folder, ARCHIVE));
  return JSON.parse(brotliDecompressSync(packed).toString('latin1')) as Archive;
}

/** What is kept of a file: the build, the lengths of both, what V8 makes of the code, and the code. */
function kept(name: string): Kept | undefined {
  if (place === undefined) return undefined;
  try {
    const all = readFileSync(join(place, prefix + name));
    if (!BUILD.equals(all.subarray(0, BUILD.length))) return undefined;
    const start = BUILD.length + LENGTHS;
    const end = start + all.readUInt32LE(BUILD.length);
    // Half a file is none.
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
    // Where a disk is full nothing is kept.
  }
}

/** V8 runs what it is given without a look: there is the whole file or none. */
function replace(path: string, data: Buffer): void {
  const written = `${path}.${process.pid}`;
  try {
    // In another container a process may have the same number.
    writeFileSync(written, data, { flag: 'wx' });
    renameSync(written, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(written, { force: true });
    throw error;
  }
}

/** A folder that no other user can write to: what is in there is run. */
function openPlace(): string | undefined {
  const user = process.getuid?.();
  const name = `taskpool-code-${process.version}-${process.arch}-${user ?? ''}`;
  const path = join(NODE_COMPILE_CACHE ?? tmpdir(), name);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(path);
    const isOurs = user === undefined || (uid === user && (mode & OF_OTHERS) === 0);
    return isOurs ? path : undefined;
  } catch {
    return undefined;
  }
}
