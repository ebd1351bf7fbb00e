/**
 * Compiles TypeScript as a user of the package does, in a folder of its own: against the built
 * package, which is known there by its name.
 */

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from '../support/built.ts';

/** Where programs go to. */
const BUNDLED = 'bundled';
/** Packages that are bundled too: each program would load them file by file. */
const SHARED = /^(xstate|xstate-taskpool|mitt|json5|@oxc-project\/runtime)(\/|$)/;

/** It starts a file that is beside it. */
const APART = 'xstate-taskpool/threads';

export class Compiled {
  readonly #folder: string;
  #numTogether = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Checks the types of everything: what the compiler has to say, as `path(line,column): error ...`. */
  async typeErrors(): Promise<string[]> {
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { paths: {} },
      include: ['**/*.ts'],
      exclude: ['dist'],
    };
    await writeFile(join(this.#folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [tsc, '-p', '.'], { cwd: this.#folder }, (error, stdout) => {
        const errors = stdout.split('\n').filter((line) => /: error TS\d+/.test(line));
        if (error !== null && errors.length === 0) reject(error);
        else resolve(errors);
      });
    });
  }

  /** The program that a source was compiled to. */
  program(source: string): string {
    return join(this.#folder, BUNDLED, source.replace(/\.ts$/, '.js'));
  }

  /** A program that runs those of some sources one after the other. */
  async together(sources: readonly string[]): Promise<string> {
    const path = join(this.#folder, `together-${this.#numTogether++}.js`);
    const imports = sources.map(
      (source) => `await import(${JSON.stringify(this.program(source))});\n`,
    );
    await writeFile(path, imports.join(''));
    return path;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Compiles programs, and what they share, given as texts by their paths. */
export async function compile(
  programs: ReadonlyMap<string, string>,
  shared: ReadonlyMap<string, string>,
): Promise<Compiled> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'taskpool-')));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const path of ['package.json', 'dist']) {
    await cp(join(ROOT, path), join(folder, path), { recursive: true });
  }
  for (const [path, text] of [...programs, ...shared]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await bundle(folder, [...programs.keys()]);
  return new Compiled(folder);
}

/** Makes programs of few files: each that is loaded costs time, for every program. */
async function bundle(folder: string, sources: readonly string[]): Promise<void> {
  const input = sources.map((path) => [path.replace(/\.ts$/, ''), join(folder, path)]);
  const bundle = await rolldown({
    cwd: folder,
    input: Object.fromEntries(input),
    platform: 'node',
    external: (id) => /^[^./]/.test(id) && (!SHARED.test(id) || id === APART),
    // Node 20 cannot parse `await using`.
    transform: { target: 'es2022' },
    logLevel: 'silent',
  });
  await bundle.write({ dir: join(folder, BUNDLED), sourcemap: true });
  await bundle.close();
}
