/**
 * Builds what is not up to date:
 *
 *   node scripts/builder/main.js            dist/, the package
 *   node scripts/builder/main.js examples   that, and build/examples/
 *   node scripts/builder/main.js bench      that, and build/bench/
 *   node scripts/builder/main.js tests      that, and build/tests/
 *
 * A target is up to date if neither its sources nor the target have changed since it was built. It is built in a
 * temporary folder and moved when it is complete, so that nothing ever reads an incomplete one.
 */

import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildLibrary } from './library.js';
import { installIn, linkPackages } from './packages.js';
import { buildPrograms } from './programs.js';
import { isUpToDate, setStamp } from './stamps.js';
import { tsc } from './tsc.js';

/** Sources of all targets. */
const COMMON = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/builder'];

const TARGETS = {
  dist: {
    sources: [...COMMON, 'src', 'tsconfig.build.json'],
    build: buildLibrary,
  },
  'build/examples': {
    sources: [...COMMON, 'dist', 'examples', 'tsconfig.examples.json'],
    build: (folder) => tsc('tsconfig.examples.json', dirname(folder)),
  },
  'build/bench': {
    sources: [...COMMON, 'dist', 'bench', 'tsconfig.examples.json'],
    build: async (folder) => {
      await installIn('bench');
      await tsc('bench/tsconfig.json', dirname(folder));
      linkPackages('bench', folder, 'build/bench');
    },
  },
  'build/tests': {
    sources: [...COMMON, 'dist', 'src', 'test', 'tsconfig.examples.json', 'tsconfig.tests.json'],
    build: buildPrograms,
  },
};

try {
  await build('dist');
  // The other targets are independent of each other.
  await Promise.all(process.argv.slice(2).map((name) => build(`build/${name}`)));
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}

async function build(name) {
  const target = TARGETS[name];
  if (target === undefined) throw new TypeError(`expected examples, bench or tests, got ${name}`);
  if (isUpToDate(name, target.sources)) return;

  const start = performance.now();
  mkdirSync('build', { recursive: true });
  const workshop = mkdtempSync('build/.building-');
  try {
    const made = join(workshop, name.replace('build/', ''));
    await target.build(made);
    rmSync(name, { recursive: true, force: true });
    renameSync(made, name);
    setStamp(name, target.sources);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  console.log(`built ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
