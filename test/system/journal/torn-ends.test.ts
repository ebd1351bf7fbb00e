/** A journal whose last batches are torn, at any byte, is gone on with. */

import { cpSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreCorrupt } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { isLong } from '../../support/length.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { type DurableKind, filesOf, kinds } from '../../support/stores.ts';

const SIZES = [7, 1, 12, 3, 5];
const CHECKPOINT = 7;

/** A folder with the files of a journal as a crash leaves them. */
async function crashed(kind: DurableKind): Promise<string> {
  const path = join(await temporaryFolder(), 'journal');
  const store = await kind.open(path, { durability: 'os' });
  let next = 0;
  for (const size of SIZES) {
    await store.append(locked(next, size));
    next += size;
    if (next === CHECKPOINT + 1) {
      await store.checkpoint({ seq: CHECKPOINT, state: sampleState(CHECKPOINT) });
    }
  }
  const left = await temporaryFolder();
  // The lock of a process that is gone would be taken all the same.
  cpSync(dirname(path), left, { recursive: true, filter: (file) => !file.endsWith('lock') });
  await store.close();
  return left;
}

test.each(kinds)('$name', async (kind) => {
  const left = await crashed(kind);
  const copies = await temporaryFolder();
  const files = filesOf(join(left, 'journal')).filter((file) => !/lock$|json$/.test(file));
  const torn = files.filter((file) => /events|wal$/.test(file)).at(-1) as string;
  const { size: length } = statSync(torn);
  // The log of SQLite is long, but cut like this at another place in each page.
  const atEach = kind.type === 'jsonl' ? 1 : 61;
  const step = isLong ? atEach : Math.ceil(length / 40);
  const ends = [0, ...SIZES.map((_, n) => SIZES.slice(0, n + 1).reduce((sum, size) => sum + size))];
  for (let cut = length; cut >= 0; cut -= step) {
    const copy = join(copies, String(cut));
    cpSync(left, copy, { recursive: true });
    truncateSync(torn.replace(left, copy), cut);
    const path = join(copy, 'journal');
    try {
      const store = await kind.open(path, { durability: 'os' });
      const { nextSeq } = store;
      // Whole batches; and never less than a checkpoint in another file says there was.
      expect(ends).toContain(nextSeq);
      if (kind.type === 'jsonl') expect(nextSeq).toBeGreaterThan(CHECKPOINT);
      await store.append(locked(nextSeq, 4));
      expect(await all(store.read())).toEqual(locked(0, nextSeq + 4));
      await store.close();
      const again = await kind.open(path, { durability: 'os' });
      expect(await all(again.read())).toEqual(locked(0, nextSeq + 4));
      await again.close();
    } catch (error) {
      // What is gone was acknowledged.
      if (!(error instanceof StoreCorrupt)) throw error;
    }
  }
});
