/**
 * The package as it is shipped, and programs beside it that are to run as processes. As the global
 * setup of tests it builds what is not up to date, so nothing stale can be tested.
 */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The command `taskpool`, for `node`. */
export const MAIN = join(ROOT, 'dist/cli/main.cjs');

/** What a program of the examples or of the tests was built to. */
export function builtProgram(source: string): string {
  const folder = source.startsWith('examples/') ? 'build' : 'build/tests';
  return join(ROOT, folder, source.replace(/\.ts$/, '.js'));
}

/** Each project asks for it, in one process, with modules of its own. */
const BUILT = Symbol.for('xstate-taskpool built for tests');

export function setup(): void {
  if (Reflect.get(globalThis, BUILT) === true) return;
  execFileSync(process.execPath, ['scripts/builder/main.js', 'examples', 'tests'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  Reflect.set(globalThis, BUILT, true);
}
