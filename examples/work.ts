/** The functions that the small examples give to their pools, and the data they work on. */

import { pbkdf2 } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Queue, TaskContext } from 'xstate-taskpool';

/** How many lines a file has. */
export interface LineCount {
  readonly file: string;
  readonly lines: number;
}

/** Some files that exist wherever the examples run: the examples themselves. */
export async function someFiles(): Promise<string[]> {
  const entries = await readdir(import.meta.dirname, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/**
 * Takes files from one queue and puts line counts into another. It never returns: it is meant to
 * be cancelled, which ends the wait for an item, or the reading of a file, through `ctx.signal`.
 */
export async function queueWorkerFunction(
  qIn: Queue<string>,
  qOut: Queue<LineCount>,
  ctx: TaskContext,
): Promise<never> {
  while (true) {
    await using lease = await qIn.lease(ctx);
    const text = await readFile(lease.item, { encoding: 'utf8', signal: ctx.signal });
    await qOut.put({ file: lease.item, lines: text.split('\n').length - 1 }, ctx);
  }
}

/** A password, and how much work its key is. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly iterations: number;
}

/** The global database of the seed: the derived key of each user. */
export const resultsTable = new Map<string, string>();

async function insertIntoResultsTable(user: string, key: string): Promise<void> {
  resultsTable.set(user, key);
}

const deriveKey = promisify(pbkdf2);

/** Does some work on one piece of data and writes the result to the database. */
export async function anotherWorkerFunction(data: Login): Promise<void> {
  if (data.iterations < 1000) throw new RangeError(`${data.user}: too few iterations`);
  const key = await deriveKey(data.password, data.user, data.iterations, 32, 'sha256');
  await insertIntoResultsTable(data.user, key.toString('hex'));
}
