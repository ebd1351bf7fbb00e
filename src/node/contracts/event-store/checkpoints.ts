/** Cases for checkpoints, which replace events. */

import { type PoolCheckpoint, splitCheckpoint } from '../../../index.ts';
import { equal, errorOf, has, ok } from '../expecting.ts';
import { all, refuses } from './batches.ts';
import { addWithStores, type Parts } from './kind.ts';
import { eventsInARow, sampleCheckpoint } from './samples.ts';

export function addCheckpoints(parts: Parts): void {
  parts.contract.about('checkpoints');
  const add = addWithStores.bind(undefined, parts);

  add('the latest is the one of the latest event', async (stores) => {
    const store = await stores.filled(5);
    equal(await store.latestCheckpoint(), undefined);
    await store.checkpoint({ seq: 2, state: sampleCheckpoint(2) });
    has(await store.latestCheckpoint(), { seq: 2, state: sampleCheckpoint(2) });
    await store.checkpoint({ seq: 4, state: sampleCheckpoint(4) });
    await store.checkpoint({ seq: 3, state: sampleCheckpoint(3) });
    const latest = await store.latestCheckpoint();
    equal(latest?.seq, 4);
    equal(latest?.state, sampleCheckpoint(4));
  });

  add('one of an event that is yet to come is refused', async (stores) => {
    const store = await stores.filled(5);
    await refuses(store.checkpoint({ seq: 5, state: sampleCheckpoint(5) }), 'StoreGap');
    equal(await store.latestCheckpoint(), undefined);
  });

  add('one of another pool is found to be one', async (stores) => {
    const store = await stores.filled(5);
    await store.checkpoint({ seq: 4, state: { ...sampleCheckpoint(4), name: 'another' } });
    await refuses(store.latestCheckpoint(), 'StoreCorrupt');
  });

  add('one in parts is stored whole or not at all, while events are appended', async (stores) => {
    const store = await stores.filled(5);
    if (store.checkpointInParts === undefined) return;
    await store.checkpoint({ seq: 2, state: sampleCheckpoint(2) });
    const pieces = [...splitCheckpoint(sampleCheckpoint(4))];
    const appends: Promise<unknown>[] = [];
    function* appending(isBroken: boolean) {
      for (const piece of pieces) {
        yield piece;
        appends.push(store.append(eventsInARow(5 + appends.length, 1)));
        if (isBroken) throw new Error('broken');
      }
    }
    const broken = store.checkpointInParts({ seq: 4, parts: appending(true) });
    equal((await errorOf(broken)).message, 'broken');
    equal((await store.latestCheckpoint())?.seq, 2);
    await store.checkpointInParts({ seq: 4, parts: appending(false) });
    await Promise.all(appends);
    has(await store.latestCheckpoint(), { seq: 4, state: sampleCheckpoint(4) });
    equal(await all(store.read()), eventsInARow(0, 5 + appends.length));
  });

  add('one is read whole while others take its place', async (stores) => {
    const store = await stores.filled(9);
    await store.checkpoint({ seq: 0, state: large(0) });
    for (let seq = 1; seq < 9; seq++) {
      const [latest] = await Promise.all([
        store.latestCheckpoint(),
        store.checkpoint({ seq, state: large(seq) }),
      ]);
      ok(latest?.seq === seq - 1 || latest?.seq === seq);
      equal(latest.state, large(latest.seq));
    }
  });
}

/** A checkpoint that is stored in several parts. */
function large(seq: number): PoolCheckpoint {
  const state = sampleCheckpoint(seq);
  const progress = 'x'.repeat(100);
  const tasks = Array.from({ length: 4000 }, (_, id) => ({ ...state.tasks[0], id, progress }));
  return { ...state, tasks } as PoolCheckpoint;
}
