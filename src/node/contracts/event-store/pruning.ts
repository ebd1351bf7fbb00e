/** Cases for the events that a checkpoint drops. */

import type { Prune } from '../../../index.ts';
import { equal } from '../expecting.ts';
import { all, refuses, seqs } from './batches.ts';
import { addWithStores, type Parts } from './kind.ts';
import { eventsInARow, sampleCheckpoint } from './samples.ts';

/** Invalid values of the option `prune`. */
const REFUSED: readonly (readonly [prune: unknown, what: string, error: string])[] = [
  [{ keepLast: -1 }, 'keepLast: -1', 'RangeError'],
  [{ keepLast: 1.5 }, 'keepLast: 1.5', 'RangeError'],
  [{ keepSince: Number.NaN }, 'keepSince: NaN', 'RangeError'],
  [{}, 'nothing', 'TypeError'],
  [{ keepLast: 1, keepSince: 1 }, 'both', 'TypeError'],
  ['all', 'a text', 'TypeError'],
];

/**
 * Values of `prune`, with the number of the first event that is kept. There are 20 events, one per millisecond from
 * 1000 on.
 */
const KEPT: readonly (readonly [prune: Prune, before: number])[] = [
  [false, 0],
  [{ keepLast: 3 }, 17],
  [{ keepLast: 12 }, 8],
  [{ keepLast: 100 }, 0],
  [{ keepLast: 0 }, 11],
  [{ keepSince: 1007 }, 7],
  [{ keepSince: 1006.5 }, 7],
  [{ keepSince: 0 }, 0],
  [{ keepSince: 1020 }, 11],
];

export function addPruning(parts: Parts): void {
  parts.contract.about('pruning');
  const add = addWithStores.bind(undefined, parts);

  add('a checkpoint drops nothing unless it is asked to', async (stores) => {
    const store = await stores.filled(5);
    await store.checkpoint({ seq: 2, state: sampleCheckpoint(2) });
    equal((await all(store.read())).length, 5);
  });

  for (const [prune, what, error] of REFUSED) {
    add(`a checkpoint refuses to prune by ${what}, and stores nothing`, async (stores) => {
      const store = await stores.filled(5);
      const checkpoint = { seq: 2, state: sampleCheckpoint(2), prune: prune as Prune };
      await refuses(store.checkpoint(checkpoint), error);
      equal(await store.latestCheckpoint(), undefined);
      equal((await all(store.read())).length, 5);
    });
  }

  if (parts.prunes !== false) addWhatGoes(parts);
}

function addWhatGoes(parts: Parts): void {
  const add = addWithStores.bind(undefined, parts);

  add('a checkpoint that prunes lets the events up to its seq go', async (stores) => {
    const store = await stores.filled(5);
    await store.checkpoint({ seq: 2, state: sampleCheckpoint(2), prune: true });
    equal(seqs(await all(store.read())), [3, 4]);
    await refuses(all(store.read({ fromSeq: 2 })), 'StorePruned');
    await refuses(all(store.tail({ fromSeq: 0 })), 'StorePruned');
    await store.checkpoint({ seq: 1, state: sampleCheckpoint(1), prune: true });
    equal(seqs(await all(store.read())), [3, 4]);
    equal(await store.append(eventsInARow(5, 1)), { lastSeq: 5 });
  });

  for (const [prune, before] of KEPT) {
    // Never more than the checkpoint covers.
    const first = Math.min(before, 11);
    const name = `a checkpoint of event 10 that prunes ${JSON.stringify(prune)} keeps events from ${first} on`;
    add(name, async (stores) => {
      const store = await stores.make();
      for (let from = 0; from < 20; from += 4) await store.append(eventsInARow(from, 4));
      await store.checkpoint({ seq: 10, state: sampleCheckpoint(10), prune });
      equal(await all(store.read()), eventsInARow(first, 20 - first));
      equal(await store.append(eventsInARow(20, 1)), { lastSeq: 20 });
    });
  }

  add('no event that is late enough is dropped, though the clock was set', async (stores) => {
    const times = [100, 200, 300, 150, 250, 350, 120, 360];
    const stepped = eventsInARow(0, 8).map((event, seq) => ({
      ...event,
      at: times[seq] as number,
    }));
    const store = await stores.make();
    await store.append(stepped.slice(0, 5));
    await store.append(stepped.slice(5));
    await store.checkpoint({ seq: 7, state: sampleCheckpoint(7), prune: { keepSince: 210 } });
    equal(await all(store.read()), stepped.slice(2));
    await store.checkpoint({ seq: 7, state: sampleCheckpoint(7), prune: { keepSince: 355 } });
    equal(await all(store.read()), stepped.slice(7));
  });

  add('everything may be dropped but the checkpoint, and numbers continue', async (stores) => {
    const store = await stores.filled(5);
    await store.checkpoint({ seq: 4, state: sampleCheckpoint(4), prune: true });
    equal(await all(store.read()), []);
    equal((await store.latestCheckpoint())?.seq, 4);
    await refuses(store.append(eventsInARow(0, 1)), 'StoreGap');
    equal(await store.append(eventsInARow(5, 2)), { lastSeq: 6 });
    equal(seqs(await all(store.read())), [5, 6]);
  });
}
