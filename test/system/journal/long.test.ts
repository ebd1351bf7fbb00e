/** A long journal is opened from its snapshot without reading it. */

import { expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { isLong } from '../../support/length.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { kinds, newPath } from '../../support/stores.ts';

const EVENTS = isLong ? 1_000_000 : 200_000;
const BATCH = EVENTS / 50;
/** Many files of JSONL, so that one of them is little. */
const OPTIONS = { durability: 'none', segmentBytes: EVENTS } as const;

test.each(kinds)('$name: hundreds of thousands of events are opened in a moment', async (kind) => {
  const path = await newPath();
  const begin = performance.now();
  const store = await kind.open(path, OPTIONS);
  for (let seq = 0; seq < EVENTS; seq += BATCH) await store.append(locked(seq, BATCH));
  const seq = EVENTS - 101;
  await store.checkpoint({ seq, state: sampleState(seq) });
  await store.close();

  const start = performance.now();
  // Reading all would take about as long as writing it did.
  const written = start - begin;
  const again = await kind.open(path, OPTIONS);
  expect(await again.latestCheckpoint()).toMatchObject({ seq });
  expect(await all(again.read({ fromSeq: seq + 1 }))).toEqual(locked(seq + 1, 100));
  expect(performance.now() - start).toBeLessThan(written / 4);
  expect(again).toMatchObject({ firstSeq: 0, nextSeq: EVENTS });
  await again.close();
});
