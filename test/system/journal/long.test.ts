/** A long journal is opened from its snapshot without reading it. */

import { expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { processorTime, staysBelow } from '../../support/cost.ts';
import { isLong } from '../../support/length.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { kinds, newPath } from '../../support/stores.ts';

const EVENTS = isLong ? 1_000_000 : 200_000;
const BATCH = EVENTS / 50;
/** Many files of JSONL, so that one of them is little. */
const OPTIONS = { durability: 'none', segmentBytes: EVENTS } as const;

test.each(kinds)('$name: hundreds of thousands of events are opened in a moment', async (kind) => {
  const path = await newPath();
  const seq = EVENTS - 101;
  const written = await processorTime(async () => {
    const store = await kind.open(path, OPTIONS);
    for (let next = 0; next < EVENTS; next += BATCH) await store.append(locked(next, BATCH));
    await store.checkpoint({ seq, state: sampleState(seq) });
    await store.close();
  });

  const openAgain = async () => {
    const store = await kind.open(path, OPTIONS);
    expect(await store.latestCheckpoint()).toMatchObject({ seq });
    expect(await all(store.read({ fromSeq: seq + 1 }))).toEqual(locked(seq + 1, 100));
    expect(store).toMatchObject({ firstSeq: 0, nextSeq: EVENTS });
    await store.close();
  };
  // Reading all would take about as long as writing it did.
  await staysBelow(1 / 4, 'of what writing took', async () => {
    return (await processorTime(openAgain)) / written;
  });
});
