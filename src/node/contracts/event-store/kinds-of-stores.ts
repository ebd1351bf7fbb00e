/** Cases for optional features: a bounded number of events, and synchronous appends. */

import type { EventStore, PoolEvent } from '../../../index.ts';
import { equal, fails } from '../expecting.ts';
import { all, Cursor, range, refuses, seqs } from './batches.ts';
import { addWithStores, type Parts } from './kind.ts';
import { eventsInARow, sampleCheckpoint, sampleEvents } from './samples.ts';

export function addBounded(parts: Parts): void {
  const { makeBounded } = parts;
  if (makeBounded === undefined) return;
  parts.contract.about('with a bound');
  const add = addWithStores.bind(undefined, parts);

  for (const size of [1, 2, 7, 100]) {
    add(`holds the last ${size} events`, async (stores) => {
      const store = await stores.opened(makeBounded(size));
      for (let seq = 0; seq < 250; seq++) await store.append(eventsInARow(seq, 1));
      equal(seqs(await all(store.read())), range(250 - size, 249));
      await refuses(all(store.read({ fromSeq: 249 - size })), 'StorePruned');
    });
  }

  add('a tail that falls behind is notified', async (stores) => {
    const store = await stores.opened(makeBounded(10));
    await store.append(eventsInARow(0, 5));
    const tail = new Cursor(store.tail());
    equal(await tail.take(5), range(0, 4));
    await store.append(eventsInARow(5, 50));
    await refuses(tail.next(), 'StorePruned');
  });
}

type AppendSync = (batch: readonly PoolEvent[]) => void;

export function addSync(parts: Parts): void {
  const { makeSync } = parts;
  if (makeSync === undefined) return;
  parts.contract.about('appendSync');
  const add = addWithStores.bind(undefined, parts);

  add('what was appended is there at once', async (stores) => {
    const store = await stores.opened(makeSync());
    const appendSync = appendSyncOf(store);
    for (const sample of sampleEvents) appendSync([sample]);
    equal(await all(store.read()), sampleEvents);
    const next = sampleEvents.length;
    fails(() => appendSync(eventsInARow(next + 1, 1)), { code: 'StoreGap' });
    equal(await store.append(eventsInARow(next, 2)), { lastSeq: next + 1 });
    appendSync(eventsInARow(next + 2, 3));
    equal(seqs(await all(store.read({ fromSeq: next }))), range(next, next + 4));
    await store.close();
    fails(() => appendSync(eventsInARow(next + 5, 1)), { code: 'StoreClosed' });
  });

  add('a checkpoint is in no event’s way', async (stores) => {
    const store = await stores.opened(makeSync());
    const appendSync = appendSyncOf(store);
    appendSync(eventsInARow(0, 5));
    const storing = store.checkpoint({ seq: 3, state: sampleCheckpoint(3), prune: true });
    appendSync(eventsInARow(5, 1));
    await Promise.resolve();
    appendSync(eventsInARow(6, 1));
    await storing;
    appendSync(eventsInARow(7, 1));
    equal(seqs(await all(store.read())), [4, 5, 6, 7]);
    equal((await store.latestCheckpoint())?.seq, 3);
  });
}

function appendSyncOf(store: EventStore): AppendSync {
  return (batch) => {
    if (store.appendSync === undefined) throw new TypeError('expected appendSync, got none');
    store.appendSync(batch);
  };
}
