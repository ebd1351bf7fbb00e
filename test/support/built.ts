/**
 * The built package, and programs that tests run as processes. As the global setup of tests it builds everything that
 * is out of date, so that nothing stale is tested.
 */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The command `taskpool`, for `node`. */
export const MAIN = join(ROOT, 'dist/cli/main.cjs');

/** The built file of a program of the examples or tests. */
export function builtProgram(source: string): string {
  const folder = source.startsWith('examples/') ? 'build' : 'build/tests';
  return join(ROOT, folder, source.replace(/\.ts$/, '.js'));
}

/** Shared by all test projects, which run in one process with separate modules. */
const BUILT = Symbol.for('xstate-taskpool built for tests');

export function setup(): void {
  if (Reflect.get(globalThis, BUILT) === true) return;
  execFileSync(process.execPath, ['scripts/builder/main.js', 'examples', 'tests'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  Reflect.set(globalThis, BUILT, true);
}
