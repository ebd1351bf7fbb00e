/**
 * The packed package, runtimes and compilers, installed aside: together they are too large for every
 * `npm ci`. Git ignores the folder, and what is in it already is not installed again.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifestOfPackage from '../../package.json' with { type: 'json' };
import { ROOT } from '../support/built.ts';

const ASIDE = join(ROOT, 'build/runtimes');

/** The folder of a project that has the package installed, and finds the other things above it. */
export const APP = join(ASIDE, 'app');

const MODULES = join(ASIDE, 'node_modules');
/** Holds what was installed, once that has ended. */
const COMPLETE = join(ASIDE, 'complete');
const PLATFORM = `${process.platform}-${process.arch}`;

/** The versions of Node that are tried, and those of TypeScript. */
export const NODES = ['20', '22', '24', 'latest'];
export const TYPESCRIPTS = ['5.4', '5.9', '6', '7'];

/** The packages of the binaries are named themselves: none needs a script of its own to run. */
const DEPENDENCIES = {
  ...Object.fromEntries(NODES.map((tag) => [`node-${tag}`, `npm:node-${PLATFORM}@${tag}`])),
  ...Object.fromEntries(TYPESCRIPTS.map((tag) => [`typescript-${tag}`, `npm:typescript@${tag}`])),
  '@types/node': '20',
  bun: '1',
  deno: '2',
  miniflare: '4',
};

/** Packs and installs; called once before the tests. */
export function install(): void {
  mkdirSync(APP, { recursive: true });
  const manifest = JSON.stringify({ private: true, dependencies: DEPENDENCIES });
  if (readOr(COMPLETE) !== manifest) {
    rmSync(MODULES, { recursive: true, force: true });
    writeFileSync(join(ASIDE, 'package.json'), manifest);
    npm(ASIDE, 'install');
    writeFileSync(COMPLETE, manifest);
  }
  writeFileSync(join(APP, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  // Packing does not build without its scripts.
  npm(ROOT, 'run', 'build');
  npm(ROOT, 'pack', '--pack-destination', APP);
  npm(APP, 'install', '--no-save', `./xstate-taskpool-${manifestOfPackage.version}.tgz`);
}

function npm(cwd: string, ...args: string[]): void {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  execFileSync('npm', [...args, ...flags], { cwd, stdio: 'pipe' });
}

function readOr(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

export function nodeOf(tag: string): string {
  return join(MODULES, `node-${tag}/bin/node`);
}

export function tscOf(tag: string): string {
  return join(MODULES, `typescript-${tag}/bin/tsc`);
}

/** The binary that one of the packages of a scope has, the one for this machine. */
export function binaryOf(scope: '@deno' | '@oven', path: string): string {
  const folder = join(MODULES, scope);
  const found = readdirSync(folder)
    .map((name) => join(folder, name, path))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`expected ${path} in a package of ${scope}`);
  return found;
}
