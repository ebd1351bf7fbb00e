/** The log of SQLite is written back while events are appended. */

import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { all, seqs } from '../../support/batches.ts';
import { event } from '../../support/sample-events.ts';
import { DURABILITIES, newPath, sqliteKinds } from '../../support/stores.ts';

test.each(sqliteKinds)('$name: so it stays short', async (kind) => {
  const progress = 'x'.repeat(100_000);
  for (const durability of DURABILITIES) {
    const path = await newPath();
    const store = await kind.open(path, { durability });
    for (let seq = 0; seq < 60; seq++) {
      await store.append([event(seq, 'task.progressed', { id: 0, progress })]);
      expect(statSync(`${path}-wal`).size).toBeLessThan(2 ** 21);
    }
    expect(seqs(await all(store.read()))).toHaveLength(60);
    await store.close();
  }
});
