/** Cases for closing and reopening a store. */

import { equal, errorOf } from '../expecting.ts';
import { all, refuses, seqs } from './batches.ts';
import { addWithStores, type Parts } from './kind.ts';
import { eventsInARow, sampleCheckpoint, sampleEvents } from './samples.ts';

export function addClosing(parts: Parts): void {
  parts.contract.about('close');
  const add = addWithStores.bind(undefined, parts);

  add('after it every call rejects; closing twice is closing once', async (stores) => {
    const store = await stores.filled(1);
    await store.close();
    await store.close();
    await refuses(store.append(eventsInARow(1, 1)), 'StoreClosed');
    await refuses(store.append([]), 'StoreClosed');
    await refuses(all(store.read()), 'StoreClosed');
    await refuses(all(store.tail()), 'StoreClosed');
    await refuses(store.checkpoint({ seq: 0, state: sampleCheckpoint(0) }), 'StoreClosed');
    await refuses(store.latestCheckpoint(), 'StoreClosed');
  });

  const { breakNext } = parts;
  if (breakNext === undefined) return;
  add('rejects for good once an append failed', async (stores) => {
    const store = await stores.filled(2);
    await breakNext(store);
    await errorOf(store.append(eventsInARow(2, 2)));
    await errorOf(store.append(eventsInARow(2, 2)));
    equal(seqs(await all(store.read())), [0, 1]);
  });
}

export function addReopening(parts: Parts): void {
  const { reopen } = parts;
  if (reopen === undefined) return;
  parts.contract.about('opened again');
  const add = addWithStores.bind(undefined, parts);

  add('it holds what it held', async (stores) => {
    const store = await stores.make();
    await store.append(sampleEvents);
    await store.close();
    const again = await stores.opened(reopen(store));
    equal(await all(again.read()), sampleEvents);
    await refuses(again.append(sampleEvents), 'StoreGap');
    const { length } = sampleEvents;
    equal(await again.append(eventsInARow(length, 1)), { lastSeq: length });
  });

  add('it has its checkpoint', async (stores) => {
    const store = await stores.filled(5);
    await store.checkpoint({ seq: 3, state: sampleCheckpoint(3), prune: true });
    await store.close();
    const again = await stores.opened(reopen(store));
    equal((await again.latestCheckpoint())?.state, sampleCheckpoint(3));
    await refuses(again.append(eventsInARow(4, 1)), 'StoreGap');
    equal(await again.append(eventsInARow(5, 1)), { lastSeq: 5 });
  });
}
