/** The queries of `docs/journal.md` are run on the journal of a pool. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { ROOT } from '../support/built.ts';
import { taskPool } from '../support/pools.ts';
import { newPath } from '../support/stores.ts';
import { blocksOf } from './markdown.ts';

interface Database {
  prepare(sql: string): { all(): Record<string, unknown>[] };
  close(): void;
}

const page = await readFile(join(ROOT, 'docs/journal.md'), 'utf8');
const queries = blocksOf(page)
  .filter(({ info }) => info === 'sql')
  .map(({ code }) => code);

test('the queries say what happened', async () => {
  const path = await newPath();
  const journal = await SqliteStore.open(path, { driver: 'libsql' });
  const pool = taskPool({ journal });
  const work = async (n: number): Promise<number> => {
    if (n === 2) throw new TypeError('two');
    return n;
  };
  pool.map(work, [1, 2, 3]);
  await pool.gatherAndClose({ returnExceptions: true });
  await journal.close();

  const { default: Libsql } = (await import('libsql')) as unknown as {
    default: new (path: string) => Database;
  };
  const database = new Libsql(path);
  const answers = queries.map((sql) => database.prepare(sql).all());
  database.close();
  expect(answers).toEqual([
    [
      { outcome: 'fulfilled', tasks: 2 },
      { outcome: 'rejected', tasks: 1 },
    ],
    [{ id: 1, error: 'TypeError', message: 'two' }],
    [0, 1, 2].map(() => ({ id: expect.any(Number), took: expect.any(Number) })),
    [],
    expect.arrayContaining([
      { second: expect.stringMatching(/^\d{4}-/), ended: expect.any(Number) },
    ]),
    ['task.queued', 'task.started', 'task.ended'].map((type) => ({
      seq: expect.any(Number),
      type,
    })),
  ]);
});
