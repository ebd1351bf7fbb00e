/** A disk that becomes full at any moment of a journal's life: opening, writing, checkpoint, closing. */

import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreFull } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { isLong } from '../../support/length.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { type DurableKind, kinds } from '../../support/stores.ts';

/** Pages that are free when a journal is opened. */
const FREE = isLong ? Array.from({ length: 60 }, (_, n) => n) : [0, 1, 2, 3, 5, 8, 13, 21, 34];

test.each(kinds)('$name', async (kind) => {
  for (const free of FREE) {
    const disk = await smallDisk('400k');
    // Nobody may mount one here.
    if (disk === undefined) return;
    const path = join(disk, 'journal.db');
    const ballast = join(disk, 'ballast');
    const { bfree, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc((bfree - free) * bsize));
    const promised = await live(kind, path);

    rmSync(ballast);
    const store = await kind.open(path);
    const found = await all(store.read());
    // What was refused at the end may be there all the same, if it was the disk's last word.
    expect(store.nextSeq).toBeGreaterThanOrEqual(promised);
    expect(found).toEqual(locked(found[0]?.seq ?? 0, found.length));
    expect((found.at(-1)?.seq ?? store.nextSeq - 1) + 1).toBe(store.nextSeq);
    const from = store.nextSeq;
    await store.append(locked(from, 5));
    expect((await all(store.read({ fromSeq: from }))).length).toBe(5);
    await store.close();
    expect(readdirSync(disk).filter((name) => name.includes('lock'))).toEqual([]);
  }
});

/** Uses a journal until the disk is full or it is closed: how many events it had stored. */
async function live(kind: DurableKind, path: string): Promise<number> {
  let promised = 0;
  try {
    const store = await kind.open(path, { durability: 'batch', segmentBytes: 8000 });
    try {
      for (let round = 0; round < 12; round++) {
        await store.append(locked(promised, 40));
        promised += 40;
        if (round % 4 === 3) {
          const seq = promised - 1;
          await store.checkpoint({ seq, state: sampleState(seq), prune: { keepLast: 30 } });
        }
      }
    } finally {
      await store.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(StoreFull);
  }
  return promised;
}
