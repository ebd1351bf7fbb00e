/** A long journal is opened from its snapshot without reading it. */

import { expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { kinds, newPath } from '../../support/stores.ts';

const EVENTS = 1_000_000;
const BATCH = 20_000;

test.each(kinds)('$name: a million events are opened in less than a second', async (kind) => {
  const path = await newPath();
  const store = await kind.open(path, { durability: 'none' });
  for (let seq = 0; seq < EVENTS; seq += BATCH) await store.append(locked(seq, BATCH));
  const seq = EVENTS - 101;
  await store.checkpoint({ seq, state: sampleState(seq) });
  await store.close();

  const start = performance.now();
  const again = await kind.open(path, { durability: 'none' });
  expect(await again.latestCheckpoint()).toMatchObject({ seq });
  expect(await all(again.read({ fromSeq: seq + 1 }))).toEqual(locked(seq + 1, 100));
  expect(performance.now() - start).toBeLessThan(1000);
  expect(again).toMatchObject({ firstSeq: 0, nextSeq: EVENTS });
  await again.close();
});
