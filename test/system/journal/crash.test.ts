/** A writer is killed at any moment: what it was promised is there, and it can be gone on with. */

import { describe, expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { JournalWriter } from '../../support/journal-writer.ts';
import { isLong } from '../../support/length.ts';
import { locked } from '../../support/sample-events.ts';
import { DURABILITIES, kinds, newPath } from '../../support/stores.ts';

/** How often a journal is continued after the writer was killed. */
const ROUNDS = isLong ? 3 : 1;

describe('a writer that is killed', () => {
  const cases = kinds.flatMap((kind) =>
    DURABILITIES.map((durability, place) => [kind.name, durability, kind, place] as const),
  );
  test.each(cases)('%s, %s: leaves all that it had stored', async (_, durability, kind, place) => {
    const path = await newPath();
    for (let round = 0; round < ROUNDS; round++) {
      const writer = JournalWriter.start(kind, path, {
        // Each event by itself waits for the disk.
        options: { durability, segmentBytes: 50_000, maxBatch: durability === 'event' ? 4 : 300 },
      });
      // While it writes, that is: between one batch and the next, or within one.
      await writer.killAfter(1 + (((place + round) * 31) % 17));
      const { stored } = writer;
      expect(stored, writer.output).toBeGreaterThanOrEqual(0);

      const reader = await kind.open(path, { readonly: true });
      expect(reader.nextSeq).toBeGreaterThan(stored);
      expect(await all(reader.read())).toEqual(locked(0, reader.nextSeq));
      await reader.close();

      const store = await kind.open(path);
      const { nextSeq } = store;
      expect(nextSeq).toBeGreaterThan(stored);
      await store.append(locked(nextSeq, 10));
      expect(await all(store.read())).toEqual(locked(0, nextSeq + 10));
      await store.close();
    }
  });
});
