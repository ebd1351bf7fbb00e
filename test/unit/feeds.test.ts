/** What is asked of sources, how much in advance, and how they are closed. */

import { describe, expect, test } from 'vitest';
import { AwaitedFeed } from '../../src/pool/feeds/awaited-feed.ts';
import { DONE, type Feed, PENDING, RepeatFeed } from '../../src/pool/feeds/feed.ts';
import { feedOf, plannedOf } from '../../src/pool/feeds/items-feed.ts';
import { eventsOf } from '../support/observing.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

const bad = new Error('bad source');

/** The feed of an async source that is answered by the test. */
function answered(prefetch: number) {
  const asked: Gate<unknown>[] = [];
  const counts = { asked: 0, answered: 0, ready: 0, returned: 0 };
  const next = () => {
    const gate = new Gate<unknown>();
    asked.push(gate);
    counts.asked++;
    return gate.promise;
  };
  const iterator = { next, return: async () => void counts.returned++ };
  const source = { [Symbol.asyncIterator]: () => iterator } as never as AsyncIterable<unknown>;
  const feed = feedOf(source, () => void counts.ready++, prefetch);
  const settle = async (answer: (gate: Gate<unknown>) => void) => {
    answer(asked[counts.answered++] as Gate<unknown>);
    await turn();
  };
  return {
    feed,
    counts,
    give: (value: unknown) => settle((gate) => gate.resolve({ done: false, value })),
    end: () => settle((gate) => gate.resolve({ done: true, value: 'ignored' })),
    fail: () => settle((gate) => gate.reject(bad)),
  };
}

describe('an async source', () => {
  test('without prefetch is asked for one item at a time, on demand', async () => {
    const { feed, counts, give, end } = answered(0);
    expect(counts.asked).toBe(0);
    expect([feed.next(), feed.next()]).toEqual([PENDING, PENDING]);
    expect(counts.asked).toBe(1);
    await give('a');
    expect(counts).toMatchObject({ asked: 1, ready: 1 });
    expect(feed.next()).toBe('a');
    expect(counts.asked).toBe(1);
    expect(feed.next()).toBe(PENDING);
    await end();
    expect(counts).toEqual({ asked: 2, answered: 2, ready: 2, returned: 0 });
    expect(feed.next()).toBe(DONE);
    expect([feed.isSpent, feed.next()]).toEqual([true, DONE]);
    feed.close();
    await turn();
    expect(counts).toMatchObject({ asked: 2, returned: 0 });
  });

  test('with prefetch is asked for so many more, one after the other', async () => {
    const { feed, counts, give, end } = answered(2);
    expect([feed.next(), counts.asked]).toEqual([PENDING, 1]);
    await give('a');
    expect(counts).toMatchObject({ asked: 2, ready: 1 });
    await give('b');
    expect(counts).toMatchObject({ asked: 2, ready: 1 });
    expect([feed.next(), counts.asked]).toEqual(['a', 3]);
    expect([feed.next(), counts.asked]).toEqual(['b', 3]);
    expect([feed.next(), feed.next()]).toEqual([PENDING, PENDING]);
    await give('c');
    expect(counts).toMatchObject({ asked: 4, ready: 2 });
    await end();
    expect([counts.asked, feed.isSpent]).toEqual([4, false]);
    expect([feed.next(), feed.isSpent]).toEqual(['c', false]);
    expect([feed.next(), feed.isSpent, counts.ready]).toEqual([DONE, true, 2]);
  });

  test('that fails has its items taken first, and fails once', async () => {
    const { feed, counts, give, fail } = answered(2);
    feed.next();
    await give('a');
    await fail();
    expect([feed.next(), feed.isSpent]).toEqual(['a', false]);
    expect(() => feed.next()).toThrow(bad);
    expect([feed.next(), feed.isSpent, counts.asked]).toEqual([DONE, true, 2]);
    feed.close();
    await turn();
    expect(counts.returned).toBe(0);
  });

  test('that is closed is stopped once, and its answers are dropped', async () => {
    const { feed, counts, give } = answered(2);
    feed.next();
    await give('a');
    feed.next();
    feed.next();
    feed.close();
    feed.close();
    expect([feed.isSpent, feed.next(), counts.returned]).toEqual([true, DONE, 0]);
    await give('b');
    expect(counts).toEqual({ asked: 2, answered: 2, ready: 1, returned: 1 });
    expect(feed.next()).toBe(DONE);
  });

  test('that is closed before it was asked is never opened', async () => {
    const { feed, counts } = answered(2);
    feed.close();
    expect([feed.next(), feed.isSpent]).toEqual([DONE, true]);
    await turn();
    expect(counts).toEqual({ asked: 0, answered: 0, ready: 0, returned: 0 });
  });
});

describe('an iterable', () => {
  /** Its feed, and how often it was opened and stopped. */
  function counted(
    length: number,
    end: () => IteratorResult<number> = () => ({ done: true, value: 0 }),
  ) {
    let left = length;
    const counts = { opened: 0, returned: 0 };
    const source = {
      [Symbol.iterator]: () => {
        counts.opened++;
        return {
          next: () => (left-- > 0 ? { done: false, value: left } : end()),
          return: () => {
            counts.returned++;
            return { done: true, value: 0 };
          },
        };
      },
    } as Iterable<number>;
    return { feed: feedOf(source, () => {}), counts };
  }

  test('is opened at the first item, and stopped once, unless it has ended', async () => {
    const never = counted(2);
    never.feed.close();
    const stopped = counted(2);
    expect([stopped.feed.next(), stopped.feed.isSpent]).toEqual([1, false]);
    stopped.feed.close();
    stopped.feed.close();
    expect(stopped.counts.returned).toBe(0);
    const ended = counted(1);
    expect([ended.feed.next(), ended.feed.isSpent]).toEqual([0, false]);
    expect([ended.feed.next(), ended.feed.isSpent]).toEqual([DONE, true]);
    ended.feed.close();
    const failed = counted(0, () => {
      throw bad;
    });
    expect(() => failed.feed.next()).toThrow(bad);
    failed.feed.close();
    await turn();
    expect(never.counts).toEqual({ opened: 0, returned: 0 });
    expect(stopped.counts).toEqual({ opened: 1, returned: 1 });
    expect(ended.counts).toEqual({ opened: 1, returned: 0 });
    expect(failed.counts).toEqual({ opened: 1, returned: 0 });
    for (const { feed } of [never, stopped, ended, failed]) {
      expect([feed.next(), feed.isSpent]).toEqual([DONE, true]);
    }
  });
});

describe('an array', () => {
  test('is read up to the length that it has by then', () => {
    const items = [1, 2];
    const feed = feedOf(items, () => {});
    expect([feed.hasMore, feed.next(), feed.hasMore, feed.next()]).toEqual([true, 1, true, 2]);
    expect([feed.hasMore, feed.isSpent, feed.length]).toEqual([false, false, 2]);
    items.push(3);
    expect([feed.hasMore, feed.length, feed.next()]).toEqual([true, 3, 3]);
    expect([feed.next(), feed.isSpent]).toEqual([DONE, true]);
    items.push(4);
    expect([feed.hasMore, feed.next()]).toEqual([false, DONE]);
  });

  test('that cannot be read throws, and one that is closed has no more', () => {
    const items = Object.defineProperty([1, 2], 0, {
      get: () => {
        throw bad;
      },
    });
    const feed = feedOf(items, () => {});
    expect(() => feed.next()).toThrow(bad);
    feed.close();
    expect([feed.next(), feed.hasMore, feed.isSpent]).toEqual([DONE, false, true]);
    const closed = feedOf([1, 2], () => {});
    closed.close();
    expect([closed.next(), closed.hasMore, closed.isSpent]).toEqual([DONE, false, true]);
  });
});

describe('repeated arguments', () => {
  test('are given so many times, and the last one is known to be the last', () => {
    const args = ['a'];
    const feed: Feed = new RepeatFeed(args, 2);
    expect([feed.isSpent, feed.hasMore, feed.next()]).toEqual([false, true, args]);
    expect([feed.isSpent, feed.hasMore, feed.next()]).toEqual([false, false, args]);
    expect([feed.isSpent, feed.hasMore, feed.next()]).toEqual([true, false, DONE]);
    const closed: Feed = new RepeatFeed(args, 2);
    closed.close();
    expect([closed.isSpent, closed.next()]).toEqual([true, DONE]);
  });

  test.each([1, 3])('make each task as one can start, %i at a time', async (poolSize) => {
    const pool = taskPool({ poolSize });
    const most: number[] = [];
    const work = async () => {
      await undefined;
      most.push(pool.totals.created - pool.totals.started);
    };
    await pool.apply(work, [], { num: 10 }).settled();
    expect(Math.max(...most)).toBe(1);
    expect(pool.totals).toMatchObject({ created: 10, fulfilled: 10 });
    const types = eventsOf(pool, 'task.queued', 'group.exhausted').map((event) => {
      return (event as { type: string }).type;
    });
    expect(types).toEqual([...Array(10).fill('task.queued'), 'group.exhausted']);
    await pool.gatherAndClose();
  });
});

describe('items that are promises, where they must be known to tell the keys', () => {
  test('are awaited one after the other', async () => {
    const gate = new Gate<string>();
    const rejected = Promise.reject(bad);
    let ready = 0;
    const feed: Feed = new AwaitedFeed(
      feedOf([gate.promise, 'b', rejected], () => {}),
      () => {
        ready++;
      },
    );
    expect([feed.length, feed.next(), feed.next()]).toEqual([3, PENDING, PENDING]);
    await turn();
    expect([ready, feed.isSpent]).toEqual([0, false]);
    gate.resolve('a');
    await turn();
    expect([ready, feed.next(), feed.next(), feed.next()]).toEqual([1, 'a', 'b', PENDING]);
    await turn();
    // The task that awaits it again gets the error.
    expect([ready, feed.next()]).toEqual([2, rejected]);
    expect([feed.isSpent, feed.next(), feed.isSpent]).toEqual([false, DONE, true]);
  });

  test('are dropped when the source is closed', async () => {
    const gate = new Gate<string>();
    let ready = 0;
    const feed: Feed = new AwaitedFeed(
      feedOf([gate.promise, 'b'], () => {}),
      () => {
        ready++;
      },
    );
    feed.next();
    feed.close();
    expect(feed.isSpent).toBe(true);
    gate.resolve('a');
    await turn();
    expect([ready, feed.next()]).toEqual([0, DONE]);
  });
});

test('how many items a source has is known without running its code', () => {
  function* generated() {
    yield 1;
  }
  const sources: [unknown, number | undefined][] = [
    [[1, 2], 2],
    ['abc', 3],
    [new Uint8Array(4), 4],
    [new DataView(new ArrayBuffer(8)), undefined],
    [new Set([1, 2]), 2],
    [new Map([[1, 2]]), 1],
    [Object.defineProperty(new Set([1, 2, 3]), 'size', { value: 7 }), 3],
    [generated(), undefined],
    [{ length: 2, size: 2 }, undefined],
  ];
  expect(sources.map(([source]) => plannedOf(source))).toEqual(sources.map(([, count]) => count));
});
