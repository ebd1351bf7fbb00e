/** The commands that look into the past of a pool, as a client uses them. */

import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type PoolEvent, type PoolSnapshot, replay, type TaskPool } from 'xstate-taskpool';
import { ControlLink } from 'xstate-taskpool/control/client';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { SessionLines } from '../../support/control/session-lines.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { taskPool } from '../../support/pools.ts';

const links: ControlLink[] = [];
afterEach(() => {
  for (const link of links.splice(0)) link.close();
});

async function linkTo(pool: TaskPool): Promise<{ link: ControlLink; lines: SessionLines }> {
  const lines = new SessionLines(pool);
  const link = new ControlLink({ connect: lines.open });
  links.push(link);
  await link.connected();
  return { link, lines };
}

/** Keeps all events, whatever the pool drops. */
function recorded(pool: TaskPool): PoolEvent[] {
  const events: PoolEvent[] = [...pool.journal];
  pool.on('*', (event) => events.push(event));
  return events;
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const half = (n: number): number => {
  if (n % 7 === 3) throw new RangeError('three');
  return n / 2;
};
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('state', () => {
  test('is the snapshot of now, and says when that is', async () => {
    const pool = taskPool();
    await pool.map(half, numbers(20)).settled();
    const { link } = await linkTo(pool);
    const answer = await link.request('state');
    const lastSeq = pool.journal.nextSeq - 1;
    expect(answer).toMatchObject({ seq: lastSeq, firstSeq: 0, lastSeq, omitted: 0 });
    expect(answer.at).toBe(pool.journal.events({ fromSeq: lastSeq })[0]?.at);
    expect(answer.state).toEqual(json(pool.snapshot()));
  });

  test('is at any event what a replay says, in whatever order it is asked for', async () => {
    const pool = taskPool();
    await pool.map(half, numbers(100)).settled();
    const events = [...pool.journal];
    const { link } = await linkTo(pool);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: events.length - 1 }), async (at) => {
        const { state } = await link.request('state', { at });
        expect(state).toEqual(json(replay(events, { until: at })));
      }),
      { numRuns: 30 },
    );
  });

  test('can be rebuilt from a kept one on once the journal has dropped its beginning', async () => {
    const pool = taskPool({ journal: { size: 200 } });
    const events = recorded(pool);
    const { link } = await linkTo(pool);
    await pool.map(half, numbers(100)).settled();
    // The first question keeps the state that there is.
    const first = await link.request('state', { at: pool.journal.nextSeq - 1 });
    expect(first.firstSeq).toBe(first.seq);
    await pool.map(half, numbers(30)).settled();
    for (let at = first.seq; at < pool.journal.nextSeq; at += 7) {
      const { state, firstSeq } = await link.request('state', { at });
      expect(firstSeq).toBe(first.seq);
      expect(state).toEqual(json(replay(events, { until: at })));
    }
    await expect(link.request('state', { at: first.seq - 1 })).rejects.toThrow(
      `expected an event from ${first.seq}, the oldest that can be rebuilt, to`,
    );
  });

  test('is read on from the store when memory drops more of it meanwhile', async () => {
    const store = await SqliteStore.open(join(await temporaryFolder(), 'pool.db'));
    const pool = taskPool({ journal: store, history: { size: 100 } });
    const events = recorded(pool);
    const run = async () => {
      await pool.map(half, numbers(100)).settled();
      await pool.untilDurable();
    };
    await run();
    const { link } = await linkTo(pool);
    const { read } = store;
    vi.spyOn(store, 'read').mockImplementation(async function* (range) {
      yield* read.call(store, range);
      await run();
    });
    const at = pool.journal.nextSeq - 1;
    const { state } = await link.request('state', { at });
    expect(state).toEqual(json(replay(events, { until: at })));
    const listed = await link.request('events', {
      from: at - 200,
      to: at,
      types: ['pool.created'],
    });
    expect(listed.events).toEqual([]);
    await pool.gatherAndClose({ returnExceptions: true });
    await store.close();
  });

  test('is watched on from the store when memory drops more of it meanwhile', async () => {
    const store = await SqliteStore.open(join(await temporaryFolder(), 'pool.db'));
    const pool = taskPool({ journal: store, history: { size: 100 } });
    const run = async () => {
      await pool.map(half, numbers(100)).settled();
      await pool.untilDurable();
    };
    await run();
    const { link } = await linkTo(pool);
    const { read } = store;
    vi.spyOn(store, 'read').mockImplementationOnce(async function* (range) {
      yield* read.call(store, range);
      await run();
    });
    const seen: number[] = [];
    for await (const { seq } of link.watch({ since: 0 })) {
      seen.push(seq);
      if (seq === pool.journal.nextSeq - 1) break;
    }
    expect(pool.totals.created).toBe(200);
    expect(seen).toEqual(numbers(seen.length).map((n) => n + 1));
    await pool.gatherAndClose({ returnExceptions: true });
    await store.close();
  });

  test('reaches as far back as the store does, which has more than memory', async () => {
    const store = await SqliteStore.open(join(await temporaryFolder(), 'pool.db'));
    const pool = taskPool({ journal: store, history: { size: 100 } });
    const events = recorded(pool);
    await pool.map(half, numbers(400)).settled();
    // What is not written yet stays in memory, however much.
    await pool.untilDurable();
    expect(pool.journal.firstSeq).toBeGreaterThan(0);
    const { link } = await linkTo(pool);
    for (let at = 0; at < pool.journal.nextSeq; at += 97) {
      const { state, firstSeq } = await link.request('state', { at, ended: 10 });
      expect(firstSeq).toBe(0);
      const { tasks: _, ...numbers } = replay(events, { until: at });
      expect(state).toMatchObject(json(numbers) as object);
    }
    const { buckets } = await link.request('density', { buckets: 10 });
    expect(buckets.reduce((sum, bucket) => sum + bucket.events, 0)).toBe(events.length);
    const { events: first } = await link.request('events', { from: 0, limit: 5 });
    expect(first).toEqual(json(events.slice(0, 5)));
    const seen: number[] = [];
    for await (const { seq } of link.watch({ since: 0 })) {
      seen.push(seq);
      if (seq === events.length - 1) break;
    }
    expect(seen).toEqual(events.slice(1).map(({ seq }) => seq));
    await pool.gatherAndClose({ returnExceptions: true });
    await store.close();
  });

  test('leaves out tasks that have ended, and says how many', async () => {
    const pool = taskPool();
    await pool.map(half, numbers(20)).settled();
    const { link } = await linkTo(pool);
    const { omitted, state } = await link.request('state', { ended: 3 });
    expect(omitted).toBe(17);
    expect(state.tasks.map(({ id }) => id)).toEqual([17, 18, 19]);
    expect((state as PoolSnapshot).numEnded).toBe(20);
  });

  test('as a checkpoint is what a replay continues from', async () => {
    const pool = taskPool();
    const events = recorded(pool);
    await pool.map(half, numbers(20)).settled();
    const { link } = await linkTo(pool);
    const at = 30;
    const { state } = await link.request('state', { at, checkpoint: true });
    const rest = events.filter(({ seq }) => seq > at);
    expect(replay(rest, { from: state as never })).toEqual(pool.snapshot());
  });
});

test('a watch that comes back to another pool of the same name says so', async () => {
  const [one, other] = [taskPool({ name: 'same' }), taskPool({ name: 'same' })];
  const [first, second] = [new SessionLines(one), new SessionLines(other)];
  let current = first;
  const link = new ControlLink({ connect: (listener) => current.open(listener) });
  links.push(link);
  await one.map(half, [1]).settled();
  await other.map(half, numbers(100)).settled();
  const seen: number[] = [];
  const failed = (async () => {
    for await (const { seq } of link.watch({ since: 0 })) {
      seen.push(seq);
      if (seq < one.journal.nextSeq - 1) continue;
      current = second;
      first.cut();
    }
  })();
  await expect(failed).rejects.toMatchObject({ code: 'AnotherPool' });
  expect(seen.length).toBe(one.journal.nextSeq - 1);
  expect(link.uid).toBe(other.uid);
});

describe('events', () => {
  test('come in pages, which together are all', async () => {
    const pool = taskPool();
    await pool.map(half, numbers(50)).settled();
    const { link } = await linkTo(pool);
    const all: PoolEvent[] = [];
    let from: number | null = 0;
    while (from !== null) {
      const page: { events: readonly PoolEvent[]; next: number | null } = await link.request(
        'events',
        { from, limit: 17 },
      );
      all.push(...page.events);
      from = page.next;
    }
    expect(all).toEqual(json([...pool.journal]));
  });

  test('are filtered before they are counted', async () => {
    const pool = taskPool();
    await pool.map(half, numbers(50)).settled();
    const { link } = await linkTo(pool);
    const { events, next } = await link.request('events', {
      types: ['pool.created', 'group.exhausted'],
      limit: 2,
    });
    expect(events.map(({ type }) => type)).toEqual(['pool.created', 'group.exhausted']);
    expect(next).not.toBe(undefined);
  });

  test('that the journal has dropped are refused, with those that there are', async () => {
    const pool = taskPool({ journal: { size: 100 } });
    await pool.map(half, numbers(100)).settled();
    const { link } = await linkTo(pool);
    await expect(link.request('events', { from: 0 })).rejects.toMatchObject({
      code: 'StorePruned',
    });
  });
});

describe('density', () => {
  test.for(['seq', 'time'] as const)(
    'counts each event and each failure once, by %s',
    async (by) => {
      const pool = taskPool();
      await pool.map(half, numbers(700)).settled();
      const events = [...pool.journal];
      const { link } = await linkTo(pool);
      for (const buckets of [1, 7, 100, 5000]) {
        const { buckets: parts } = await link.request('density', { buckets, by });
        expect(parts.length).toBeLessThanOrEqual(buckets);
        expect(parts.reduce((sum, part) => sum + part.events, 0)).toBe(events.length);
        expect(parts.reduce((sum, part) => sum + part.failed, 0)).toBe(100);
        for (const { seq, at } of parts) expect(events[seq]?.at).toBe(at);
      }
    },
  );

  test('goes on where it was when it is asked again', async () => {
    const pool = taskPool();
    const { link } = await linkTo(pool);
    for (let round = 1; round <= 3; round++) {
      await pool.map(half, numbers(100)).settled();
      const { buckets } = await link.request('density', { buckets: 3 });
      expect(buckets.reduce((sum, part) => sum + part.events, 0)).toBe(pool.journal.nextSeq);
    }
  });
});

/** Without what says how long ago something was: it was asked for at two times. */
function timeless(summary: object): unknown {
  const isTimely = (name: string) => name === 'recent' || name === 'throughput';
  return JSON.parse(JSON.stringify(summary, (name, value) => (isTimely(name) ? undefined : value)));
}

describe('statistics', () => {
  test('are those of now, or of any event', async () => {
    const pool = taskPool();
    await pool.map(half, numbers(20), { groupName: 'halves' }).settled();
    const { link } = await linkTo(pool);
    const now = await link.request('statistics');
    expect(timeless(now)).toEqual(timeless(await pool.statistics()));
    expect(now.total.outcomes).toEqual({ fulfilled: 17, rejected: 3, cancelled: 0 });
    const at = pool.journal.nextSeq - 1;
    const { total, groups } = await link.request('statistics', { at });
    expect(total.outcomes).toEqual(now.total.outcomes);
    expect(groups[0]).toMatchObject({ name: 'halves', functionName: 'half', created: 20 });
    expect((await link.request('statistics', { at: 0 })).total.created).toBe(0);
    expect((await link.line('statistics')).text).toMatch(/halves +20 +3 /);
  });

  test('give status its times and its retries', async () => {
    const pool = taskPool();
    const { link } = await linkTo(pool);
    const none = { retries: 0, throughput: 0, waitedP95: null };
    expect(await link.request('status')).toMatchObject(none);
    await pool.map(half, numbers(20), { retry: { limit: 1, delay: 0 } }).settled();
    const { total } = await pool.statistics();
    expect(total.retries).toBeGreaterThan(0);
    const { retries, waitedP95 } = await link.request('status');
    expect({ retries, waitedP95 }).toEqual({ retries: 3, waitedP95: total.waited?.p95 });
  });
});

describe('of a long history', () => {
  /** A pool with three events for each task, and as many of the latest as are asked for. */
  async function longPool(tasks: number, size: number): Promise<TaskPool> {
    const pool = taskPool({ journal: { size } });
    await pool.map(half, numbers(tasks)).settled();
    return pool;
  }

  test('a state does not wait for statistics that are still counted', async () => {
    const pool = await longPool(25_000, 100_000);
    const { link } = await linkTo(pool);
    const at = pool.journal.nextSeq - 1;
    const answers: string[] = [];
    const statistics = link.request('statistics', { at }).then(() => answers.push('statistics'));
    await link.request('state', { at: 1000, ended: 10 }).then(() => answers.push('state'));
    await statistics;
    expect(answers).toEqual(['state', 'statistics']);
  });

  test('statistics begin anew where the events after stored ones were dropped', async () => {
    const pool = await longPool(19_000, 60_000);
    const { link } = await linkTo(pool);
    const { total } = await link.request('statistics', { at: pool.journal.nextSeq - 1 });
    expect(total.created).toBe(19_000);
    await pool.map(half, numbers(25_000)).settled();
    // Keeps the state that there is.
    await link.request('state', { at: pool.journal.nextSeq - 1, ended: 1 });
    await pool.map(half, numbers(7)).settled();
    const { total: later } = await link.request('statistics', { at: pool.journal.nextSeq - 1 });
    expect(later.outcomes).toEqual({ fulfilled: 6, rejected: 1, cancelled: 0 });
  });
});

describe('watch --since', () => {
  test('begins with what was missed', async () => {
    const pool = taskPool();
    await pool.map(half, numbers(1000)).settled();
    const { link } = await linkTo(pool);
    const seqs: number[] = [];
    const watching = (async () => {
      for await (const { seq } of link.watch({ since: 10 })) seqs.push(seq);
    })();
    await pool.map(half, numbers(50)).settled();
    await pool.gatherAndClose({ returnExceptions: true });
    await watching;
    expect(seqs).toEqual(numbers(pool.journal.nextSeq).slice(11));
  });

  test('misses nothing and doubles nothing, whenever the connection is cut', async () => {
    const pool = taskPool();
    const { link, lines } = await linkTo(pool);
    const seqs: number[] = [];
    const watching = (async () => {
      for await (const { seq } of link.watch({ since: 0 })) {
        seqs.push(seq);
        if (seq % 61 === 0) lines.cut();
      }
    })();
    for (let round = 0; round < 2; round++) {
      await link.connected();
      await pool.map(half, numbers(25)).settled();
      lines.cut();
      await pool.map(half, numbers(25)).settled();
    }
    await pool.gatherAndClose({ returnExceptions: true });
    await watching;
    expect(lines.opened).toBeGreaterThanOrEqual(3);
    expect(seqs).toEqual(numbers(pool.journal.nextSeq).slice(1));
  });

  test('of what is no longer there is refused', async () => {
    const pool = taskPool({ journal: { size: 100 } });
    await pool.map(half, numbers(100)).settled();
    const { link } = await linkTo(pool);
    await expect(link.watch({ since: 0 }).next()).rejects.toMatchObject({ code: 'StorePruned' });
    const future = link.watch({ since: 100_000 });
    await expect(future.next()).rejects.toMatchObject({ code: 'BadArguments' });
  });
});
