import { describe, expect, test } from 'vitest';
import {
  DEFAULT_JOURNAL_SIZE,
  EVENT_TYPES,
  EVENT_VERSION,
  type EventStore,
  MemoryStore,
  type PoolEvent,
  StorePruned,
} from 'xstate-taskpool';
import { eventStoreContract } from '../support/event-store-contract.ts';
import { taskPool } from '../support/pools.ts';
import { locked, sampleState, samples } from '../support/sample-events.ts';

eventStoreContract('MemoryStore', {
  make: () => new MemoryStore(),
  makeBounded: (size) => new MemoryStore({ size }),
});

test('the samples hold every type of event', () => {
  expect(new Set(samples.map(({ type }) => type))).toEqual(new Set(EVENT_TYPES));
});

describe('a MemoryStore', () => {
  test('keeps 65,536 events unless it is told otherwise, or all of them', () => {
    expect(DEFAULT_JOURNAL_SIZE).toBe(65_536);
    expect(new MemoryStore().size).toBe(65_536);
    expect(new MemoryStore({ size: 5 }).size).toBe(5);
    expect(new MemoryStore({ size: Infinity }).size).toBe(Infinity);
  });

  test.each([0, -1, 1.5, Number.NaN, '5'])('refuses a size of %s', (size) => {
    expect(() => new MemoryStore({ size: size as number })).toThrow(
      new RangeError(`expected size to be a positive integer or Infinity, got ${size}`),
    );
  });

  test('gives events at once, as a list and by iteration', async () => {
    const store = new MemoryStore({ size: 4 });
    expect([...store]).toEqual([]);
    expect(store).toMatchObject({ firstSeq: 0, nextSeq: 0 });
    await store.append(locked(0, 6));
    expect(store).toMatchObject({ firstSeq: 2, nextSeq: 6 });
    expect([...store]).toEqual(locked(2, 4));
    expect(store.events()).toEqual(locked(2, 4));
    expect(store.events({ fromSeq: 4 })).toEqual(locked(4, 2));
    expect(store.events({ toSeq: 2 })).toEqual(locked(2, 1));
    expect(store.events({ fromSeq: 5, toSeq: 3 })).toEqual([]);
    expect(() => store.events({ fromSeq: 1 })).toThrow(
      new StorePruned('expected a seq from 2 on, which is the first event held, got 1'),
    );
  });

  test.each([4095, 4096, 4097, 10_000])('keeps %i events over many chunks', async (size) => {
    const store = new MemoryStore({ size });
    for (let from = 0; from < 30_000; from += 1000) await store.append(locked(from, 1000));
    expect(store).toMatchObject({ firstSeq: 30_000 - size, nextSeq: 30_000 });
    expect([...store].map(({ seq, at }) => [seq, at])).toEqual(
      Array.from({ length: size }, (_, n) => 30_000 - size + n).map((seq) => [seq, 1000 + seq]),
    );
  });

  test('refuses a batch whole that holds an event of a type there is not', async () => {
    const store = new MemoryStore();
    const odd = { ...locked(1, 1)[0], type: 'pool.painted' } as unknown as PoolEvent;
    await expect(store.append([...locked(0, 1), odd])).rejects.toThrow(
      /^expected one of task\.queued, .+, got 'pool\.painted'$/,
    );
    expect([...store]).toEqual([]);
    expect(await store.append(locked(7, 1))).toEqual({ lastSeq: 7 });
  });

  test('refuses the events of another pool', async () => {
    const store = new MemoryStore();
    await store.append(locked(0, 1));
    const other = locked(1, 1).map((event) => ({ ...event, pool: 'other' }));
    await expect(store.append(other)).rejects.toThrow(/expected .+ 'sample', got .*'other'/);
    expect([...store]).toEqual(locked(0, 1));
  });

  test('told to forget while it is iterated over says so', async () => {
    const store = new MemoryStore();
    await store.append(locked(0, 3));
    const events = store[Symbol.iterator]();
    events.next();
    await store.snapshot({ seq: 1, state: sampleState(1), prune: true });
    expect(() => events.next()).toThrow(StorePruned);
  });
});

describe('the journal of a pool', () => {
  test('is a MemoryStore that begins with the creation', () => {
    const pool = taskPool({ name: 'mine', poolSize: 3, retain: 5 });
    expect(pool.journal).toBeInstanceOf(MemoryStore);
    expect([...pool.journal]).toEqual([
      {
        v: 2,
        pool: 'mine',
        seq: 0,
        at: expect.any(Number),
        type: 'pool.created',
        kind: 'TaskPool',
        poolSize: 3,
        retain: 5,
      },
    ]);
  });

  test('is bounded as it is told, or not at all', async () => {
    for (const size of [5, Infinity]) {
      const pool = taskPool({ journal: { size } });
      await pool.map((n: number) => n, [1, 2, 3]).results();
      expect(pool.journal.size).toBe(size);
      expect(pool.journal.firstSeq).toBe(size === 5 ? pool.journal.nextSeq - 5 : 0);
    }
  });

  test('is the store that was given, if it is of this kind', async () => {
    const store = new MemoryStore({ size: 100 });
    const pool = taskPool({ journal: store, name: 'mine' });
    expect(pool.journal).toBe(store);
    await pool.apply(() => 1).results();
    expect([...store].map(({ pool: name }) => name)).toEqual(Array(store.nextSeq).fill('mine'));
    expect(() => taskPool({ journal: store })).toThrow(
      new TypeError(
        `expected an empty store, got one that holds ${store.nextSeq} events: resume it instead`,
      ),
    );
  });

  test('goes to any other store as well, in order and without a gap', async () => {
    const kept: PoolEvent[] = [];
    const memory = new MemoryStore();
    const store: EventStore = {
      append: async (batch) => {
        await new Promise(setImmediate);
        kept.push(...batch);
        return memory.append(batch);
      },
      read: (range) => memory.read(range),
      tail: (options) => memory.tail(options),
      snapshot: (snapshot) => memory.snapshot(snapshot),
      latestSnapshot: () => memory.latestSnapshot(),
      close: () => memory.close(),
    };
    const pool = taskPool({ journal: store });
    pool.map(async (n: number) => n, Array(2000).keys(), { numConcurrent: 10 });
    await pool.gatherAndClose();
    expect(kept).toEqual([...pool.journal]);
    expect(kept.at(-1)?.type).toBe('pool.closed');
  });

  test('is dense, timed and plain data', async () => {
    const before = Date.now();
    const pool = taskPool();
    pool.map(async (n: number, { report }) => report({ n }), [1, 2, 3], { numConcurrent: 2 });
    pool.apply(() => Promise.reject(new Error('bad')));
    await pool.gatherAndClose({ returnExceptions: true });
    const events = [...pool.journal];
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n));
    expect(JSON.parse(JSON.stringify(events))).toStrictEqual(events);
    for (const { at, v, pool: name } of events) {
      expect([v, name]).toEqual([EVENT_VERSION, pool.name]);
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(Date.now());
    }
  });
});
