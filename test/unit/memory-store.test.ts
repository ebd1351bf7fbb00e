import { describe, expect, test } from 'vitest';
import {
  DEFAULT_JOURNAL_SIZE,
  EVENT_TYPES,
  EVENT_VERSION,
  EventHistory,
  type JournalStore,
  journaling,
  MemoryStore,
  type PoolEvent,
  type PoolOptions,
  StorePruned,
  TaskPool,
} from 'xstate-taskpool';
import { eventStoreContract } from 'xstate-taskpool/testing/contracts';
import { storeOver } from '../support/memory-like.ts';
import { taskPool, turn } from '../support/pools.ts';
import { event, locked, sampleState, samples } from '../support/sample-events.ts';

describe('a MemoryStore keeps the contract', () => {
  const cases = eventStoreContract({
    make: () => new MemoryStore(),
    makeBounded: (size) => new MemoryStore({ size }),
  });
  for (const { name, run } of cases) test(name, run);
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

  test.each([0, -1, 1.5, Number.NaN])('refuses a size of %s', (size) => {
    expect(() => new MemoryStore({ size })).toThrow(
      new RangeError(`expected size to be a positive integer or Infinity, got ${size}`),
    );
  });

  test('refuses a size that is no number', () => {
    expect(() => new MemoryStore({ size: '5' as never })).toThrow(
      new TypeError("expected size to be a number, got '5'"),
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
      new StorePruned('expected a seq of at least 2, which is the first event held, got 1'),
    );
  });

  test.each([4095, 4096, 4097, 10_000])('keeps %i events over many chunks', async (size) => {
    const store = new MemoryStore({ size });
    for (let from = 0; from < 15_000; from += 1000) await store.append(locked(from, 1000));
    expect(store).toMatchObject({ firstSeq: 15_000 - size, nextSeq: 15_000 });
    expect([...store].map(({ seq, at }) => [seq, at])).toEqual(
      Array.from({ length: size }, (_, n) => 15_000 - size + n).map((seq) => [seq, 1000 + seq]),
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
    await store.checkpoint({ seq: 1, state: sampleState(1), prune: true });
    expect(() => events.next()).toThrow(StorePruned);
  });
});

describe('the journal of a pool', () => {
  test('begins with the creation', () => {
    const pool = taskPool({ name: 'mine', poolSize: 3, retain: 5 });
    expect(pool.journal).toBeInstanceOf(EventHistory);
    expect([...pool.journal]).toEqual([
      {
        v: EVENT_VERSION,
        pool: 'mine',
        seq: 0,
        at: expect.any(Number),
        type: 'pool.created',
        kind: 'TaskPool',
        poolSize: 3,
        retain: 5,
        uid: expect.stringMatching(/^[\w-]{22}$/),
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
        `expected an empty store, got one that holds ${store.nextSeq} events: recover the pool from it instead`,
      ),
    );
  });

  test('is a store where functions are stored', () => {
    for (const journal of [undefined, { size: 5 }]) {
      const options = { functions: { work: async () => {} }, journal };
      expect(() => new TaskPool(options as PoolOptions)).toThrow(
        'expected journal to be a store, such as a new MemoryStore(), for the option functions, got ',
      );
    }
  });

  test('is no store that does not say how pools write to it', () => {
    const { journaling: _, ...unwritten } = storeOver().store;
    expect(() => taskPool({ journal: unwritten as JournalStore })).toThrow(
      'expected a store that pools can write to, with the property journaling, got an object (Object)',
    );
  });

  test('goes to any other store as well, in order and without a gap', async () => {
    const kept: PoolEvent[] = [];
    const memory = new MemoryStore();
    const store: JournalStore = {
      journaling,
      append: async (batch) => {
        await new Promise(setImmediate);
        kept.push(...batch);
        return memory.append(batch);
      },
      read: (range) => memory.read(range),
      tail: (options) => memory.tail(options),
      checkpoint: (checkpoint) => memory.checkpoint(checkpoint),
      latestCheckpoint: () => memory.latestCheckpoint(),
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

describe('a MemoryStore with a limit in bytes', () => {
  const progressed = (seq: number, size: number) =>
    event(seq, 'task.progressed', { id: 0, progress: 'x'.repeat(size) });

  test('holds 32 MiB of data unless it is told otherwise, or everything', () => {
    expect(new MemoryStore().bytes).toBe(32 * 1024 * 1024);
    expect(new MemoryStore({ bytes: 5 }).bytes).toBe(5);
    expect(new MemoryStore({ size: Infinity }).bytes).toBe(Infinity);
    expect(new MemoryStore({ size: Infinity, bytes: 9 }).bytes).toBe(9);
  });

  test('releases the oldest events, and keeps the newest however large', async () => {
    const store = new MemoryStore({ bytes: 1000 });
    for (let seq = 0; seq < 20; seq++) await store.append([progressed(seq, 298)]);
    expect(store.firstSeq).toBe(17);
    expect(store.events().map(({ seq }) => seq)).toEqual([17, 18, 19]);
    await store.append([progressed(20, 5000)]);
    expect([...store].map(({ seq }) => seq)).toEqual([20]);
    expect(() => store.events({ fromSeq: 19 })).toThrow(StorePruned);
    await store.append(locked(21, 3));
    expect(store.firstSeq).toBe(21);
    await store.append([progressed(24, 10)]);
    expect(store.events()).toEqual([...locked(21, 3), progressed(24, 10)]);
  });

  test('counts what was let go for their number no more', async () => {
    const store = new MemoryStore({ size: 4, bytes: 1000 });
    for (let seq = 0; seq < 100; seq++) await store.append([progressed(seq, 100)]);
    expect([...store].map(({ seq }) => seq)).toEqual([96, 97, 98, 99]);
  });

  test('is what a pool keeps of items of any size', async () => {
    const work = async (text: string) => text.length;
    const pool = taskPool({ functions: { work }, journal: new MemoryStore({ bytes: 100_000 }) });
    const group = pool.map(work, Array(100).fill('x'.repeat(20_000)), { numConcurrent: 5 });
    expect(await group.results()).toHaveLength(100);
    const kept = JSON.stringify([...pool.journal]).length;
    expect(kept).toBeLessThan(150_000);
    expect(pool.journal.nextSeq - pool.journal.firstSeq).toBeGreaterThan(10);
  });

  test('lets everything go when it is closed', async () => {
    const store = new MemoryStore();
    await store.append(locked(0, 5));
    await store.close();
    expect([...store]).toEqual([]);
    expect(store.firstSeq).toBe(5);
  });
});

describe('the events in memory beside a store', () => {
  test('are as many as the option history says', async () => {
    const { store, kept } = storeOver();
    const pool = taskPool({ journal: store, history: { size: 10 }, retain: 'none' });
    await pool.map(async () => {}, Array(100).keys(), { numConcurrent: 2 }).settled();
    await pool.checkpoint();
    expect([...pool.journal]).toHaveLength(10);
    expect(kept.nextSeq).toBe(pool.journal.nextSeq);
    await pool.gatherAndClose();
  });

  test.each([true, false])('hold little data once all is written and closed', async (sync) => {
    const { store, kept } = storeOver({ sync });
    const work = async (text: string) => text.length;
    const pool = taskPool({ journal: store, functions: { work } });
    await pool.map(work, Array(100).fill('x'.repeat(30_000))).results();
    expect(JSON.stringify([...pool.journal]).length).toBeGreaterThan(3_000_000);
    await pool.gatherAndClose();
    expect(JSON.stringify([...pool.journal]).length).toBeLessThan(1_100_000);
    expect([...pool.journal].at(-1)?.type).toBe('pool.closed');
    // The store has them all.
    expect([...kept].at(0)?.seq).toBe(0);
  });

  test('stay where the store has failed', async () => {
    const error = new Error('full');
    const { store } = storeOver({
      before: (batch) => {
        if (batch[0]?.seq !== 0) throw error;
      },
    });
    const pool = taskPool({ journal: store });
    await turn();
    pool.lock();
    await expect(pool.gatherAndClose()).rejects.toThrow(error);
    expect([...pool.journal].map(({ type }) => type)).toContain('pool.closed');
  });

  test.each([
    [{ journal: { size: 5 }, history: { size: 5 } }, 'expected history only beside'],
    [{ history: { size: 5 } }, 'expected history only beside'],
    [
      { journal: storeOver().store, history: { size: 0 } },
      'expected history.size to be a positive integer',
    ],
    [{ journal: storeOver().store, history: {} }, 'expected history to have a size or bytes'],
  ])('are refused invalid limits', (options, message) => {
    expect(() => taskPool(options as never)).toThrow(message);
  });
});

test('subscribers see all events of a call, also where the store holds fewer', async () => {
  const double = async (n: number) => 2 * n;
  const journal = new MemoryStore({ size: 1 });
  const pool = new TaskPool({ journal, functions: { double } });
  const seen: string[] = [];
  pool.on('group.*', ({ type }) => seen.push(type));
  pool.map(
    double,
    Array.from({ length: 2_500 }, (_, n) => n),
  );
  expect(seen).toEqual(['group.created', ...Array(3).fill('group.supplied')]);
  expect(journal.firstSeq).toBe(journal.nextSeq - 1);
  await pool.gatherAndClose();
});
