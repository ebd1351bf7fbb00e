/**
 * The main example: digests a tree of files through a task pool, shows how it gets on, can be
 * resized while it runs, and stops cleanly on Ctrl-C. What it needs of the library is all here.
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

/** Digests the tree; returns the exit code. */
async function digest(options: Options): Promise<number> {
  const { folder, size, output, quiet, keys } = options;
  const ignore = await ownFiles(folder, output);
  await using sums = await SumFile.create(output);

  // How many files are worked on at a time is the pool's size. Results are taken as they come, so
  // nothing of an ended task needs to be retained, unless someone looks at it.
  const retain = options.dashboard ? {} : ({ retain: 'none' } as const);
  const pool = new TaskPool({ name: 'digest', poolSize: size, ...retain });
  const dashboard = options.dashboard ? await serveDashboard(pool) : undefined;
  const progress = new Progress(pool, { quiet });

  // Who presses a key or Ctrl-C turns to the pool. A second Ctrl-C does not wait for anything.
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
  const actions = { '+': () => resize(1), '-': () => resize(-1), '\x03': interrupt };
  const stopKeys = keys ? onKeys(process.stdin, actions) : undefined;

  // The pool asks the walk for the next path whenever it has room for one. The group has no limit
  // of its own: only the pool's size counts, and can be changed.
  const paths = walk(folder, {
    ignore,
    onSkip: () => progress.skip(),
    onError: (path, error) => progress.fail(path, error),
  });
  const group = pool.map(hashFile, paths, { numConcurrent: Number.POSITIVE_INFINITY });
  // They are counted beside the work, which need not wait for it.
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
    // Either tasks were cancelled, or the list cannot be written and nobody needs the digests.
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
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    progress.say('the dashboard stays until Ctrl-C');
    await untilInterrupted(dashboard);
  }
  return progress.failed === 0 ? 0 : 1;
}

/** What the program itself writes, as paths below the folder: they are not part of the tree. */
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
