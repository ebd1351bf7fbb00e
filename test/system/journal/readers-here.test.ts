/** Several stores of one process over one database: the system takes locks from all when one closes a file. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { builtProgram } from '../../support/built.ts';
import { JournalWriter } from '../../support/journal-writer.ts';
import { newPath, sqliteKinds } from '../../support/stores.ts';

const PROGRAM = builtProgram('test/system/journal/programs/lives.ts');

test.each(sqliteKinds)('$name: a reader keeps its locks when others open', async (kind) => {
  const path = await newPath();
  const writer = JournalWriter.start(kind, path);
  await writer.killAfter(3);
  const reader = await kind.open(path, { readonly: true });
  await all(reader.read());
  const { nextSeq } = reader;
  // After a crash the index of the log is looked at.
  await kind.open(path, { readonly: true });
  const args = [PROGRAM, 'sqlite', path, JSON.stringify(kind.options), '1'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stdout).toMatch(/^life 0\nstored/);
  // Otherwise the other process would have taken the database for its own, and removed them.
  expect(existsSync(`${path}-shm`)).toBe(true);
  expect((await all(reader.read())).at(-1)?.seq).toBeGreaterThan(nextSeq);
});
