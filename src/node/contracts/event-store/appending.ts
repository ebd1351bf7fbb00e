/** Cases for appending and reading. */

import type { PoolEvent, SeqRange } from '../../../index.ts';
import { TaskPool } from '../../../index.ts';
import { equal } from '../expecting.ts';
import { all, range, refuses, seqs } from './batches.ts';
import { addWithStores, type Parts } from './kind.ts';
import { eventsInARow, sampleEvents } from './samples.ts';

export function addAppending(parts: Parts): void {
  parts.contract.about('append and read');
  const add = addWithStores.bind(undefined, parts);

  add('what is read is what was appended, of every type', async (stores) => {
    const store = await stores.make();
    await store.append(sampleEvents);
    equal(await all(store.read()), sampleEvents);
    equal(JSON.parse(JSON.stringify(await all(store.read()))), sampleEvents);
  });

  add('append says the last seq', async (stores) => {
    const store = await stores.make();
    equal(await store.append(eventsInARow(0, 3)), { lastSeq: 2 });
    equal(await store.append([]), { lastSeq: 2 });
    equal(await store.append(eventsInARow(3, 1)), { lastSeq: 3 });
  });

  add('appends that are not awaited are kept in order', async (stores) => {
    const store = await stores.make();
    const appends = [0, 10, 20, 30].map((from) => store.append(eventsInARow(from, 10)));
    equal(
      await Promise.all(appends),
      [9, 19, 29, 39].map((lastSeq) => ({ lastSeq })),
    );
    equal(seqs(await all(store.read())), range(0, 39));
  });

  add('the first event may have any seq', async (stores) => {
    const store = await stores.filled(3, 100);
    equal(seqs(await all(store.read())), [100, 101, 102]);
    await refuses(store.append(eventsInARow(0, 1)), 'StoreGap');
    await refuses(all(store.read({ fromSeq: 99 })), 'StorePruned');
  });

  add('thousands of events are read in order', async (stores) => {
    const store = await stores.make();
    for (let from = 0; from < 10_000; from += 1000) await store.append(eventsInARow(from, 1000));
    equal(seqs(await all(store.read())), range(0, 9999));
  });

  add('takes the journal of a pool', async (stores) => {
    const pool = new TaskPool();
    await pool.map(async (n: number) => n, [1, 2, 3]).results();
    await pool.gatherAndClose();
    const store = await stores.make();
    await store.append([...pool.journal]);
    equal(await all(store.read()), [...pool.journal]);
  });
}

/** Batches that do not follow events 0 to 2. */
const WRONG: readonly (readonly [where: string, batch: readonly PoolEvent[]])[] = [
  ['one is missing', eventsInARow(4, 2)],
  ['one comes twice', eventsInARow(2, 2)],
  ['one is missing inside', [...eventsInARow(3, 2), ...eventsInARow(6, 1)]],
  ['the order is wrong', [3, 5, 4].flatMap((seq) => eventsInARow(seq, 1))],
  ['seq is no number', [{ ...eventsInARow(3, 1)[0], seq: undefined } as unknown as PoolEvent]],
];

export function addRefusals(parts: Parts): void {
  parts.contract.about('append and read');
  const add = addWithStores.bind(undefined, parts);

  for (const [where, batch] of WRONG) {
    add(`a batch is refused whole where ${where}`, async (stores) => {
      const store = await stores.filled(3);
      await refuses(store.append(batch), 'StoreGap');
      equal(seqs(await all(store.read())), [0, 1, 2]);
      equal(await store.append(eventsInARow(3, 1)), { lastSeq: 3 });
    });
  }

  add(
    'events of another pool, type or version are refused, and later ones taken',
    async (stores) => {
      const store = await stores.filled(3);
      const [next] = eventsInARow(3, 1) as [PoolEvent];
      const refused: [object, string][] = [
        [{ pool: 'another' }, 'TypeError'],
        [{ type: 'task.eaten' }, 'RangeError'],
        [{ v: 99 }, 'RangeError'],
      ];
      for (const [wrong, error] of refused) {
        await refuses(store.append([{ ...next, ...wrong }]), error);
      }
      equal(await store.append([next]), { lastSeq: 3 });
      equal(await all(store.read()), eventsInARow(0, 4));
    },
  );

  add('a first batch that is refused leaves the store empty', async (stores) => {
    const store = await stores.make();
    await refuses(store.append([...eventsInARow(5, 1), ...eventsInARow(7, 1)]), 'StoreGap');
    equal(await store.append(eventsInARow(0, 2)), { lastSeq: 1 });
    equal(seqs(await all(store.read())), [0, 1]);
  });
}

export function addRanges(parts: Parts): void {
  parts.contract.about('append and read');
  const add = addWithStores.bind(undefined, parts);

  add('a range includes both its ends', async (stores) => {
    const store = await stores.filled(10);
    const read = async (asked: SeqRange): Promise<number[]> => seqs(await all(store.read(asked)));
    equal(await read({ fromSeq: 3, toSeq: 5 }), [3, 4, 5]);
    equal(await read({ fromSeq: 9 }), [9]);
    equal(await read({ toSeq: 1 }), [0, 1]);
    equal(await read({ fromSeq: 0, toSeq: 0 }), [0]);
    equal(await read({ fromSeq: 7, toSeq: 100 }), [7, 8, 9]);
  });

  add('an empty range yields nothing', async (stores) => {
    const store = await stores.filled(3);
    for (const empty of [{ fromSeq: 3 }, { fromSeq: 2, toSeq: 1 }, { fromSeq: 50 }]) {
      equal(await all(store.read(empty)), []);
    }
    equal(await all((await stores.make()).read()), []);
  });
}
