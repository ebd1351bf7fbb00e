/** What every store does: the rules on the interface `EventStore`, as tests. */

import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  type EventStore,
  type PoolCheckpoint,
  type PoolEvent,
  type Prune,
  StoreClosed,
  StoreCorrupt,
  StoreGap,
  StorePruned,
  splitCheckpoint,
} from 'xstate-taskpool';
import { all, events, range, seqs, take } from './batches.ts';
import { isPending } from './observing.ts';
import { taskPool } from './pools.ts';
import { locked, sampleState, samples } from './sample-events.ts';

/** A kind of store, and what it can do besides. What is left out is not tested. */
export interface StoreKind {
  /** A new store without events. */
  readonly make: () => EventStore | Promise<EventStore>;
  /** One that lets the oldest events go when it holds more than so many. */
  readonly makeBounded?: (size: number) => EventStore | Promise<EventStore>;
  /** Opens what a store held that was closed. */
  readonly reopen?: (store: EventStore) => EventStore | Promise<EventStore>;
  /** A new store without events that has `appendSync`. */
  readonly makeSync?: () => EventStore | Promise<EventStore>;
  /** Makes the next append of the store fail. */
  readonly breakNext?: (store: EventStore) => Promise<void> | void;
  /** Whether it lets events go that a snapshot stands for, when it is told to. Default: true. */
  readonly prunes?: boolean;
}

export function eventStoreContract(name: string, kind: StoreKind): void {
  const { make, makeBounded, makeSync, reopen, breakNext, prunes = true } = kind;
  const filled = async (count: number, from = 0): Promise<EventStore> => {
    const store = await make();
    await store.append(locked(from, count));
    return store;
  };

  describe(`${name}: append and read`, () => {
    test('what is read is what was appended, of every type', async () => {
      const store = await make();
      await store.append(samples);
      expect(await all(store.read())).toStrictEqual(samples);
      expect(JSON.parse(JSON.stringify(await all(store.read())))).toStrictEqual(samples);
    });

    test('append says the last seq', async () => {
      const store = await make();
      expect(await store.append(locked(0, 3))).toEqual({ lastSeq: 2 });
      expect(await store.append([])).toEqual({ lastSeq: 2 });
      expect(await store.append(locked(3, 1))).toEqual({ lastSeq: 3 });
    });

    test('appends that are not awaited are kept in order', async () => {
      const store = await make();
      const appends = [0, 10, 20, 30].map((from) => store.append(locked(from, 10)));
      expect(await Promise.all(appends)).toEqual([9, 19, 29, 39].map((lastSeq) => ({ lastSeq })));
      expect(seqs(await all(store.read()))).toEqual(range(0, 39));
    });

    test('the first event may have any seq', async () => {
      const store = await filled(3, 100);
      expect(seqs(await all(store.read()))).toEqual([100, 101, 102]);
      await expect(store.append(locked(0, 1))).rejects.toThrow(StoreGap);
      await expect(all(store.read({ fromSeq: 99 }))).rejects.toThrow(StorePruned);
    });

    test.each<[string, readonly PoolEvent[]]>([
      ['one is missing', locked(4, 2)],
      ['one comes twice', locked(2, 2)],
      ['one is missing inside', [...locked(3, 2), ...locked(6, 1)]],
      ['the order is wrong', [...locked(3, 1), ...locked(5, 1), ...locked(4, 1)]],
      ['seq is no number', [{ ...locked(3, 1)[0], seq: undefined } as unknown as PoolEvent]],
    ])('a batch is refused whole where %s', async (_what, batch) => {
      const store = await filled(3);
      await expect(store.append(batch)).rejects.toThrow(StoreGap);
      expect(seqs(await all(store.read()))).toEqual([0, 1, 2]);
      expect(await store.append(locked(3, 1))).toEqual({ lastSeq: 3 });
    });

    test('events of another pool, type or version are refused, and later ones taken', async () => {
      const store = await filled(3);
      const [next] = locked(3, 1) as [PoolEvent];
      const refused: [object, ErrorConstructor][] = [
        [{ pool: 'another' }, TypeError],
        [{ type: 'task.eaten' }, RangeError],
        [{ v: 99 }, RangeError],
      ];
      for (const [wrong, error] of refused) {
        await expect(store.append([{ ...next, ...wrong }])).rejects.toThrow(error);
      }
      expect(await store.append([next])).toEqual({ lastSeq: 3 });
      expect(await all(store.read())).toStrictEqual(locked(0, 4));
    });

    test('a first batch that is refused leaves the store empty', async () => {
      const store = await make();
      await expect(store.append([...locked(5, 1), ...locked(7, 1)])).rejects.toThrow(StoreGap);
      expect(await store.append(locked(0, 2))).toEqual({ lastSeq: 1 });
      expect(seqs(await all(store.read()))).toEqual([0, 1]);
    });

    test('a range includes both its ends', async () => {
      const store = await filled(10);
      const read = async (fromSeq?: number, toSeq?: number) =>
        seqs(
          await all(
            store.read({
              ...(fromSeq === undefined ? {} : { fromSeq }),
              ...(toSeq === undefined ? {} : { toSeq }),
            }),
          ),
        );
      expect(await read(3, 5)).toEqual([3, 4, 5]);
      expect(await read(9)).toEqual([9]);
      expect(await read(undefined, 1)).toEqual([0, 1]);
      expect(await read(0, 0)).toEqual([0]);
      expect(await read(7, 100)).toEqual([7, 8, 9]);
    });

    test('an empty range yields nothing', async () => {
      const store = await filled(3);
      for (const range of [{ fromSeq: 3 }, { fromSeq: 2, toSeq: 1 }, { fromSeq: 50 }]) {
        expect(await all(store.read(range))).toEqual([]);
      }
      expect(await all((await make()).read())).toEqual([]);
    });

    test('thousands of events are read in order', async () => {
      const store = await make();
      for (let from = 0; from < 10_000; from += 1000) await store.append(locked(from, 1000));
      expect(seqs(await all(store.read()))).toEqual(range(0, 9999));
    });

    test('takes the journal of a pool', async () => {
      const pool = taskPool();
      await pool.map((n: number) => n, [1, 2, 3]).results();
      const store = await make();
      await store.append([...pool.journal]);
      expect(await all(store.read())).toStrictEqual([...pool.journal]);
    });
  });

  describe(`${name}: tail`, () => {
    test('yields what is there, and after that what comes', async () => {
      const store = await filled(3);
      const tail = events(store.tail());
      expect(seqs(await take(tail, 3))).toEqual([0, 1, 2]);
      const next = tail.next();
      expect(await isPending(next)).toBe(true);
      await store.append(locked(3, 2));
      expect((await next).value).toMatchObject({ seq: 3 });
      expect(seqs(await take(tail, 1))).toEqual([4]);
      await store.close();
    });

    test('starts where it is told, be it yet to come', async () => {
      const store = await filled(3);
      const late = events(store.tail({ fromSeq: 2 }));
      const future = events(store.tail({ fromSeq: 4 }));
      expect(seqs(await take(late, 1))).toEqual([2]);
      const next = future.next();
      await store.append(locked(3, 3));
      expect((await next).value).toMatchObject({ seq: 4 });
      expect(seqs(await take(late, 3))).toEqual([3, 4, 5]);
      await store.close();
    });

    test('starts with the first event, whatever its seq is going to be', async () => {
      const store = await make();
      const tail = events(store.tail());
      const next = tail.next();
      expect(await isPending(next)).toBe(true);
      await store.append(locked(100, 2));
      expect((await next).value).toMatchObject({ seq: 100 });
      await store.close();
    });

    test('never skips, however many come while nobody asks', async () => {
      const store = await make();
      const tails = [events(store.tail()), events(store.tail())];
      const first = tails.map((tail) => take(tail, 5));
      for (let from = 0; from < 5000; from += 500) await store.append(locked(from, 500));
      for (const taken of first) expect(seqs(await taken)).toEqual(range(0, 4));
      for (const tail of tails) expect(seqs(await take(tail, 4995))).toEqual(range(5, 4999));
      await store.close();
    });

    test('ends with its signal, and leaves no listener', async () => {
      const store = await filled(1);
      const controller = new AbortController();
      const { signal } = controller;
      const tail = events(store.tail({ signal }));
      await take(tail, 1);
      const next = tail.next();
      expect(await isPending(next)).toBe(true);
      controller.abort();
      expect((await next).done).toBe(true);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      expect(await all(store.tail({ signal: AbortSignal.abort() }))).toEqual([]);
    });

    test('ends when the store is closed', async () => {
      const store = await filled(1);
      const tail = events(store.tail());
      await take(tail, 1);
      const next = tail.next();
      await store.close();
      expect((await next).done).toBe(true);
    });
  });

  describe(`${name}: snapshot and close`, () => {
    test('a snapshot lets nothing go unless it is told to', async () => {
      const store = await filled(5);
      await store.checkpoint({ seq: 2, state: sampleState(2) });
      expect(await all(store.read())).toHaveLength(5);
    });

    testIf(prunes)('a snapshot that prunes lets the events up to its seq go', async () => {
      const store = await filled(5);
      await store.checkpoint({ seq: 2, state: sampleState(2), prune: true });
      expect(seqs(await all(store.read()))).toEqual([3, 4]);
      await expect(all(store.read({ fromSeq: 2 }))).rejects.toThrow(StorePruned);
      await expect(all(store.tail({ fromSeq: 0 }))).rejects.toThrow(StorePruned);
      await store.checkpoint({ seq: 1, state: sampleState(1), prune: true });
      expect(seqs(await all(store.read()))).toEqual([3, 4]);
      expect(await store.append(locked(5, 1))).toEqual({ lastSeq: 5 });
    });

    // Events of `locked` are a millisecond apart, from 1000 on.
    const keeping: [Prune, number][] = [
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
    for (const [prune, kept] of prunes ? keeping : []) {
      const name = JSON.stringify(prune);
      // Never more than what the snapshot stands for.
      const first = Math.min(kept, 11);
      test(`a snapshot of event 10 that prunes ${name} keeps events from ${first} on`, async () => {
        const store = await make();
        for (let from = 0; from < 20; from += 4) await store.append(locked(from, 4));
        await store.checkpoint({ seq: 10, state: sampleState(10), prune });
        expect(await all(store.read())).toStrictEqual(locked(first, 20 - first));
        expect(await store.append(locked(20, 1))).toEqual({ lastSeq: 20 });
      });
    }

    testIf(prunes)('no event that is late enough is let go, though the clock was set', async () => {
      const times = [100, 200, 300, 150, 250, 350, 120, 360];
      const stepped = locked(0, 8).map((event, seq) => ({ ...event, at: times[seq] as number }));
      const store = await make();
      await store.append(stepped.slice(0, 5));
      await store.append(stepped.slice(5));
      await store.checkpoint({ seq: 7, state: sampleState(7), prune: { keepSince: 210 } });
      expect(await all(store.read())).toStrictEqual(stepped.slice(2));
      await store.checkpoint({ seq: 7, state: sampleState(7), prune: { keepSince: 355 } });
      expect(await all(store.read())).toStrictEqual(stepped.slice(7));
    });

    test.each<[unknown, ErrorConstructor]>([
      [{ keepLast: -1 }, RangeError],
      [{ keepLast: 1.5 }, RangeError],
      [{ keepSince: Number.NaN }, RangeError],
      [{}, TypeError],
      [{ keepLast: 1, keepSince: 1 }, TypeError],
      ['all', TypeError],
    ])('a snapshot refuses to prune %j, and stores nothing', async (prune, error) => {
      const store = await filled(5);
      const snapshot = { seq: 2, state: sampleState(2), prune: prune as Prune };
      await expect(store.checkpoint(snapshot)).rejects.toThrow(error);
      expect(await store.latestCheckpoint()).toBe(undefined);
      expect(await all(store.read())).toHaveLength(5);
    });

    test('the latest snapshot is the one of the latest event', async () => {
      const store = await filled(5);
      expect(await store.latestCheckpoint()).toBe(undefined);
      await store.checkpoint({ seq: 2, state: sampleState(2) });
      expect(await store.latestCheckpoint()).toMatchObject({ seq: 2, state: sampleState(2) });
      await store.checkpoint({ seq: 4, state: sampleState(4) });
      await store.checkpoint({ seq: 3, state: sampleState(3) });
      const latest = await store.latestCheckpoint();
      expect(latest?.seq).toBe(4);
      expect(latest?.state).toStrictEqual(sampleState(4));
    });

    test('a snapshot of an event that is yet to come is refused', async () => {
      const store = await filled(5);
      const early = { seq: 5, state: sampleState(5) };
      await expect(store.checkpoint(early)).rejects.toThrow(StoreGap);
      expect(await store.latestCheckpoint()).toBe(undefined);
    });

    test('a snapshot of another pool is found to be one', async () => {
      const store = await filled(5);
      await store.checkpoint({ seq: 4, state: { ...sampleState(4), name: 'another' } });
      await expect(store.latestCheckpoint()).rejects.toThrow(StoreCorrupt);
    });

    test('a snapshot in parts is stored whole or not at all, while events are appended', async () => {
      const store = await filled(5);
      if (store.checkpointInParts === undefined) return;
      await store.checkpoint({ seq: 2, state: sampleState(2) });
      const parts = [...splitCheckpoint(sampleState(4))];
      const appends: Promise<unknown>[] = [];
      function* appending(isBroken: boolean) {
        for (const part of parts) {
          yield part;
          appends.push(store.append(locked(5 + appends.length, 1)));
          if (isBroken) throw new Error('broken');
        }
      }
      const broken = store.checkpointInParts({ seq: 4, parts: appending(true) });
      await expect(broken).rejects.toThrow('broken');
      expect((await store.latestCheckpoint())?.seq).toBe(2);
      await store.checkpointInParts({ seq: 4, parts: appending(false) });
      await Promise.all(appends);
      expect(await store.latestCheckpoint()).toEqual({ seq: 4, state: sampleState(4) });
      expect(await all(store.read())).toEqual(locked(0, 5 + appends.length));
    });

    test('a snapshot is read whole while others take its place', async () => {
      const store = await filled(9);
      const [task] = sampleState(0).tasks;
      const tasks = Array.from({ length: 4000 }, (_, id) => ({
        ...task,
        id,
        progress: 'x'.repeat(100),
      }));
      const large = (seq: number) => ({ ...sampleState(seq), tasks }) as PoolCheckpoint;
      await store.checkpoint({ seq: 0, state: large(0) });
      for (let seq = 1; seq < 9; seq++) {
        const [latest] = await Promise.all([
          store.latestCheckpoint(),
          store.checkpoint({ seq, state: large(seq) }),
        ]);
        expect([seq - 1, seq]).toContain(latest?.seq);
        expect(latest?.state).toEqual(large(latest?.seq ?? -1));
      }
    });

    testIf(prunes)('everything may go but the snapshot, and numbers go on', async () => {
      const store = await filled(5);
      await store.checkpoint({ seq: 4, state: sampleState(4), prune: true });
      expect(await all(store.read())).toEqual([]);
      expect((await store.latestCheckpoint())?.seq).toBe(4);
      await expect(store.append(locked(0, 1))).rejects.toThrow(StoreGap);
      expect(await store.append(locked(5, 2))).toEqual({ lastSeq: 6 });
      expect(seqs(await all(store.read()))).toEqual([5, 6]);
    });

    test('after close every call rejects; closing twice is closing once', async () => {
      const store = await filled(1);
      await store.close();
      await store.close();
      await expect(store.append(locked(1, 1))).rejects.toThrow(StoreClosed);
      await expect(store.append([])).rejects.toThrow(StoreClosed);
      await expect(all(store.read())).rejects.toThrow(StoreClosed);
      await expect(all(store.tail())).rejects.toThrow(StoreClosed);
      const snapshot = { seq: 0, state: sampleState(0) };
      await expect(store.checkpoint(snapshot)).rejects.toThrow(StoreClosed);
      await expect(store.latestCheckpoint()).rejects.toThrow(StoreClosed);
    });
  });

  (makeBounded === undefined ? leftOut : describe)(`${name}: with a bound`, () => {
    const bounded = async (size: number) => {
      if (makeBounded === undefined) throw new Error('expected a store with a bound');
      return makeBounded(size);
    };

    test.each([1, 2, 7, 100])('holds the last %i events', async (size) => {
      const store = await bounded(size);
      for (let seq = 0; seq < 250; seq++) await store.append(locked(seq, 1));
      expect(seqs(await all(store.read()))).toEqual(range(250 - size, 249));
      await expect(all(store.read({ fromSeq: 249 - size }))).rejects.toThrow(StorePruned);
    });

    test('a tail that falls behind is told so', async () => {
      const store = await bounded(10);
      await store.append(locked(0, 5));
      const tail = events(store.tail());
      expect(seqs(await take(tail, 5))).toEqual(range(0, 4));
      await store.append(locked(5, 50));
      await expect(tail.next()).rejects.toThrow(StorePruned);
    });
  });

  testIf(reopen !== undefined)(`${name}: holds what it held when it is opened again`, async () => {
    const store = await make();
    await store.append(samples);
    await store.close();
    const again = await reopen?.(store);
    if (again === undefined) throw new Error('expected a store, got none');
    expect(await all(again.read())).toStrictEqual(samples);
    await expect(again.append(samples)).rejects.toThrow(StoreGap);
    expect(await again.append(locked(samples.length, 1))).toEqual({ lastSeq: samples.length });
  });

  testIf(reopen !== undefined)(`${name}: its snapshot is there when opened again`, async () => {
    const store = await filled(5);
    await store.checkpoint({ seq: 3, state: sampleState(3), prune: true });
    await store.close();
    const again = await reopen?.(store);
    if (again === undefined) throw new Error('expected a store, got none');
    expect((await again.latestCheckpoint())?.state).toStrictEqual(sampleState(3));
    await expect(again.append(locked(4, 1))).rejects.toThrow(StoreGap);
    expect(await again.append(locked(5, 1))).toEqual({ lastSeq: 5 });
  });

  testIf(makeSync !== undefined)(
    `${name}: what was appended at once is there at once`,
    async () => {
      const store = await makeSync?.();
      if (store?.appendSync === undefined) throw new Error('expected a store with appendSync');
      for (const sample of samples) store.appendSync([sample]);
      expect(await all(store.read())).toStrictEqual(samples);
      const next = samples.length;
      expect(() => store.appendSync?.(locked(next + 1, 1))).toThrow(StoreGap);
      expect(await store.append(locked(next, 2))).toEqual({ lastSeq: next + 1 });
      store.appendSync(locked(next + 2, 3));
      expect(seqs(await all(store.read({ fromSeq: next })))).toEqual(range(next, next + 4));
      await store.close();
      expect(() => store.appendSync?.(locked(next + 5, 1))).toThrow(StoreClosed);
    },
  );

  testIf(makeSync !== undefined)(`${name}: a snapshot is in no event's way`, async () => {
    const store = await makeSync?.();
    if (store?.appendSync === undefined) throw new Error('expected a store with appendSync');
    store.appendSync(locked(0, 5));
    const storing = store.checkpoint({ seq: 3, state: sampleState(3), prune: true });
    store.appendSync(locked(5, 1));
    await Promise.resolve();
    store.appendSync(locked(6, 1));
    await storing;
    store.appendSync(locked(7, 1));
    expect(seqs(await all(store.read()))).toEqual([4, 5, 6, 7]);
    expect((await store.latestCheckpoint())?.seq).toBe(3);
    await store.close();
  });

  testIf(breakNext !== undefined)(`${name}: rejects for good once an append failed`, async () => {
    const store = await filled(2);
    await breakNext?.(store);
    await expect(store.append(locked(2, 2))).rejects.toThrow();
    await expect(store.append(locked(2, 2))).rejects.toThrow();
    expect(seqs(await all(store.read()))).toEqual([0, 1]);
  });
}

/** What a store cannot do is no test of it, rather than a test that is skipped. */
const leftOut = (_name: string, _body: () => unknown): void => {};
const testIf = (isSupported: boolean) => (isSupported ? test : leftOut);
