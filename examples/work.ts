/** Functions and data of the small examples. */

import { pbkdf2 } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Queue, TaskContext } from 'xstate-taskpool';

/** The number of lines of a file. */
export interface LineCount {
  readonly file: string;
  readonly lines: number;
}

/** Files that exist wherever the examples run: the examples themselves. */
export async function someFiles(): Promise<string[]> {
  const entries = await readdir(import.meta.dirname, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/**
 * Takes files from one queue and puts line counts into another. It never returns: cancelling it aborts `ctx.signal`,
 * which ends the wait for an item or the reading of a file.
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

/** A password, and the cost of deriving its key. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly iterations: number;
}

/** The derived keys by user, as a stand-in for a database. */
export const resultsTable = new Map<string, string>();

async function insertIntoResultsTable(user: string, key: string): Promise<void> {
  resultsTable.set(user, key);
}

const deriveKey = promisify(pbkdf2);

/** Derives a key and stores it in the database. */
export async function anotherWorkerFunction(data: Login): Promise<void> {
  if (data.iterations < 1000) throw new RangeError(`${data.user}: too few iterations`);
  const key = await deriveKey(data.password, data.user, data.iterations, 32, 'sha256');
  await insertIntoResultsTable(data.user, key.toString('hex'));
}
