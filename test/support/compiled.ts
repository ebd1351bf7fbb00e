/**
 * Compiles the sources, and whatever is given besides, in a folder of its own, for programs that
 * are to run as processes. There the package is known by its name, as it is to a user. Nobody's
 * `dist/` is touched, and nothing stale can be tested.
 */

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What to compile besides `src`. */
export interface CompileOptions {
  /** Folders of the repository. */
  readonly include?: readonly string[];
  /** TypeScript files that are nowhere else: their texts by their paths. */
  readonly files?: ReadonlyMap<string, string>;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** A folder with the compiled form of each source beside it. */
export class Compiled {
  readonly folder: string;
  /** What the compiler had to say, as `path(line,column): error ...`. */
  readonly errors: readonly string[];

  constructor(folder: string, errors: readonly string[]) {
    this.folder = folder;
    this.errors = errors;
  }

  /** The program that a source was compiled to. */
  program(source: string): string {
    return join(this.folder, source.replace(/\.ts$/, '.js'));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function compile(options: CompileOptions = {}): Promise<Compiled> {
  const { include = [], files = new Map<string, string>(), compilerOptions = {} } = options;
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'taskpool-')));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const path of ['src', ...include]) {
    await cp(join(ROOT, path), join(folder, path), { recursive: true });
  }
  for (const [path, text] of files) await write(path, text);

  const { version, exports: exported } = await readManifest();
  const sources = sourcesByName(exported);
  const exports = sources.map(([name, path]) => [name, path.replace(/\.ts$/, '.js')]);
  const manifest = {
    name: 'xstate-taskpool',
    version,
    type: 'module',
    exports: Object.fromEntries(exports),
  };
  const paths = sources.map(([name, path]) => [name.replace('.', 'xstate-taskpool'), [path]]);
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      rootDir: '.',
      paths: Object.fromEntries(paths),
      ...compilerOptions,
    },
    include: ['**/*.ts'],
  };
  await write('package.json', JSON.stringify(manifest));
  await write('tsconfig.json', JSON.stringify(config));
  return new Compiled(folder, await runTsc(folder));
}

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
}

/** The sources of what the package exports: `['./machines', './src/machines/index.ts']`. */
function sourcesByName(exported: Manifest['exports']): [name: string, path: string][] {
  return Object.entries(exported).flatMap(([name, target]) =>
    typeof target === 'string'
      ? []
      : [[name, target.default.replace('./dist/', './src/').replace(/\.js$/, '.ts')]],
  );
}

function runTsc(folder: string): Promise<string[]> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [tsc, '-p', '.'], { cwd: folder }, (error, stdout) => {
      const errors = stdout.split('\n').filter((line) => /: error TS\d+/.test(line));
      if (error !== null && errors.length === 0) reject(error);
      else resolve(errors);
    });
  });
}
