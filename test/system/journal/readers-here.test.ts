/** Several stores of one process over one database: the system takes locks from all when one closes a file. */

import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { JournalWriter } from '../../support/journal-writer.ts';
import { newPath, sqliteKinds } from '../../support/stores.ts';

test.skipIf(process.platform !== 'linux').each(sqliteKinds)(
  '$name: a reader keeps its locks when another one opens after a crash',
  async (kind) => {
    const path = await newPath();
    const writer = JournalWriter.start(kind, path);
    await writer.killAfter(3);
    const reader = await kind.open(path, { readonly: true });
    await all(reader.read());
    expect(isLocked(`${path}-shm`)).toBe(true);
    await kind.open(path, { readonly: true });
    // Otherwise another process would cut the index short, and this one would end at once.
    expect(isLocked(`${path}-shm`)).toBe(true);
  },
);

/** Whether this process has a lock on a file. */
function isLocked(path: string): boolean {
  const lock = new RegExp(` ${process.pid} [0-9a-f]+:[0-9a-f]+:${statSync(path).ino} `);
  return lock.test(readFileSync('/proc/locks', 'utf8'));
}
