/**
 * The main example: computes the digests of all files in a folder with a task pool, shows the progress, can be
 * resized while it runs, and stops cleanly on Ctrl-C. All uses of the library are in this file.
 */

import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { TaskPool } from 'xstate-taskpool';
import { serveDashboard, untilInterrupted } from './dashboard.ts';
import { hashFile } from './hash.ts';
import { onKeys } from './keys.ts';
import { type Options, readOptions } from './options.ts';
import { Progress } from './progress.ts';
import { SumFile } from './sum-file.ts';
import { countFiles, walk } from './walk.ts';

const INTERRUPTED = 130;

/** Computes the digests. Returns the exit code. */
async function digest(options: Options): Promise<number> {
  const { folder, size, output, quiet, keys } = options;
  const ignore = await ownFiles(folder, output);
  await using sums = await SumFile.create(output);

  // The size of the pool limits how many files are processed concurrently. Results are consumed as they arrive, so
  // ended tasks need not be retained, except for the dashboard.
  const retain = options.dashboard ? {} : ({ retain: 'none' } as const);
  const pool = new TaskPool({ name: 'digest', poolSize: size, ...retain });

  // Keys and Ctrl-C only act on the pool. A second Ctrl-C exits immediately.
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    pool.cancelAll('interrupted');
  };
  const resize = (by: number): void => {
    pool.poolSize = Math.max(1, pool.poolSize + by);
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const dashboard = options.dashboard ? await serveDashboard(pool) : undefined;
  const progress = new Progress(pool, { quiet });
  const actions = { '+': () => resize(1), '-': () => resize(-1), '\x03': interrupt };
  const stopKeys = keys ? onKeys(process.stdin, actions) : undefined;

  // The pool takes the next path whenever it has room. The group has no limit of its own, only the size of the pool
  // counts, which may be changed.
  const paths = walk(folder, {
    ignore,
    onSkip: () => progress.skip(),
    onError: (path, error) => progress.fail(path, error),
  });
  const group = pool.map(hashFile, paths, { numConcurrent: Number.POSITIVE_INFINITY });
  // Ctrl-C may have come before there was anything to cancel.
  if (interrupted) pool.cancelAll('interrupted');
  // Counted in parallel, so that the work need not wait for it.
  const counting = new AbortController();
  void countFiles(walk(folder, { ignore }), counting.signal).then((total) => {
    if (total !== undefined) progress.expect(total);
  });
  progress.say(`${folder}: pool size ${size}${keys ? ', + and - change it, Ctrl-C stops' : ''}`);

  try {
    for await (const result of group) {
      if ('error' in result) progress.fail(result.path, result.error);
      await sums.add(result);
    }
  } catch (error) {
    // Either tasks were cancelled, or the list cannot be written, so that the digests are of no use.
    if (!interrupted) {
      pool.cancelAll(error);
      throw error;
    }
  } finally {
    await pool.gatherAndClose({ returnExceptions: true });
    stopKeys?.();
    counting.abort();
    progress.stop();
  }

  progress.say(progress.summary);
  if (interrupted) {
    progress.say('interrupted: no list was written');
    await dashboard?.close();
    return INTERRUPTED;
  }
  await sums.complete();
  progress.say(`verify with: sha256sum -c ${output}`);
  if (dashboard !== undefined) {
    const ended = untilInterrupted(dashboard);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    progress.say('the dashboard stays until Ctrl-C');
    await ended;
  }
  return progress.failed === 0 ? 0 : 1;
}

/** The files that the program itself writes, as paths relative to the folder: they are left out. */
async function ownFiles(folder: string, output: string): Promise<Set<string>> {
  if (!(await stat(folder)).isDirectory()) throw new TypeError(`${folder}: expected a folder`);
  const outputFolder = await realpath(dirname(resolve(output)));
  const list = relative(await realpath(folder), join(outputFolder, basename(output)));
  return new Set([list, SumFile.partialName(list)].map((path) => path.replaceAll(sep, '/')));
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options !== undefined) process.exitCode = await digest(options);
} catch (error) {
  console.error(`digest: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
