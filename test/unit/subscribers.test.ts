import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { EVENT_TYPES, type PoolEvent } from 'xstate-taskpool';
import { eventsOf, recording } from '../support/observing.ts';
import { Log, taskPool, turn, untilAborted } from '../support/pools.ts';

const seqs = (events: readonly PoolEvent[]) => events.map(({ seq }) => seq);
const dense = (from: number, length: number) => Array.from({ length }, (_, n) => from + n);

describe('on', () => {
  test('calls the handler for each event of its type', async () => {
    const pool = taskPool();
    const ids: number[] = [];
    pool.on('task.ended', ({ id, outcome }) => void (outcome === 'fulfilled' && ids.push(id)));
    await pool.map((n: number) => n, [1, 2, 3]).results();
    expect(ids).toEqual([0, 1, 2]);
  });

  test('with * calls it for every event, in the order of seq, as the journal has them', async () => {
    const pool = taskPool();
    const events = recording(pool);
    pool.map((n: number) => n, [1, 2]);
    pool.lock();
    await pool.gatherAndClose();
    expect(events).toEqual([...pool.journal].slice(1));
    expect(seqs(events)).toEqual(dense(1, events.length));
  });

  test('calls handlers of one type, of a subject and of all events in the order in which they subscribed', () => {
    const pool = taskPool();
    const called: string[] = [];
    pool.on('*', () => called.push('*'));
    pool.on('pool.locked', () => called.push('pool.locked'));
    pool.on('pool.*', () => called.push('pool.*'));
    pool.lock();
    expect(called).toEqual(['*', 'pool.locked', 'pool.*']);
  });

  test('calls it at once, with the state as the event has made it', () => {
    const pool = taskPool();
    const seen: unknown[] = [];
    pool.on('pool.resized', ({ poolSize, seq }) => {
      seen.push([poolSize, pool.poolSize, pool.snapshot().seq - seq]);
    });
    pool.poolSize = 3;
    pool.poolSize = Infinity;
    expect(seen).toEqual([
      [3, 3, 0],
      [null, Infinity, 0],
    ]);
  });

  test.each(EVENT_TYPES)('takes %s', (type) => {
    expect(taskPool().on(type, () => {})).toBeTypeOf('function');
  });

  test('calls several handlers, each as often as it was subscribed', () => {
    const pool = taskPool();
    const calls: string[] = [];
    const both = () => void calls.push('both');
    pool.on('pool.locked', both);
    pool.on('pool.locked', both);
    pool.on('pool.locked', () => void calls.push('other'));
    pool.lock();
    expect(calls).toEqual(['both', 'both', 'other']);
  });

  test('hands out events that cannot be changed for others by their data', async () => {
    const pool = taskPool();
    const events = recording(pool);
    pool.apply(() => Promise.reject(new Error('bad')));
    await pool.gatherAndClose({ returnExceptions: true });
    const ended = events.find(({ type }) => type === 'task.ended') as { error?: object };
    expect(Object.isFrozen(ended.error)).toBe(true);
    expect(events.every(Object.isFrozen)).toBe(true);
  });

  test('names the type that was probably meant', () => {
    const subscribe = (type: string) => taskPool().on(type as '*', () => {});
    expect(() => subscribe('task.endd')).toThrow(`got 'task.endd': did you mean 'task.ended'?`);
    expect(() => subscribe('ended')).toThrow("did you mean 'task.ended'?");
    expect(() => subscribe('active')).toThrow("did you mean 'task.started'?");
    expect(() => subscribe('completed')).toThrow("did you mean 'task.ended'?");
    expect(() => subscribe('xyzzy')).toThrow('there are task.queued, ');
  });
});

describe('the function that on returns', () => {
  test('ends the subscription, and only that one', () => {
    const pool = taskPool();
    const calls: number[] = [];
    const handler = () => void calls.push(calls.length);
    const off = pool.on('pool.locked', handler);
    pool.on('pool.locked', handler);
    off();
    off();
    pool.lock();
    expect(calls).toEqual([0]);
  });

  test('ends a subscription to everything', () => {
    const pool = taskPool();
    const events: PoolEvent[] = [];
    const off = pool.on('*', (event) => void events.push(event));
    pool.lock();
    off();
    pool.unlock();
    expect(events.map(({ type }) => type)).toEqual(['pool.locked']);
  });

  test.each(['pool.locked', '*'] as const)(
    'ends it for the very event that another handler is told of: %s',
    (type) => {
      const pool = taskPool();
      const calls: string[] = [];
      const offs: (() => void)[] = [];
      for (const name of ['a', 'b', 'c']) {
        const handler = () => {
          calls.push(name);
          for (const off of offs) off();
        };
        offs.push(pool.on(type as 'pool.locked', handler));
      }
      pool.lock();
      pool.unlock();
      pool.lock();
      expect(calls).toEqual(['a']);
    },
  );

  test.each(['pool.locked', '*'] as const)(
    'lets a handler be subscribed again, which is called once then: %s',
    (type) => {
      const pool = taskPool();
      let calls = 0;
      for (let n = 0; n < 3; n++) {
        const off = pool.on(type as 'pool.locked', () => void calls++);
        pool.lock();
        expect(calls).toBe(n + 1);
        off();
        pool.unlock();
      }
      expect(calls).toBe(3);
    },
  );

  test('may be called by the handler itself', () => {
    const pool = taskPool();
    let calls = 0;
    const off = pool.on('*', () => {
      calls++;
      off();
    });
    pool.lock();
    pool.unlock();
    expect(calls).toBe(1);
  });
});

describe('a handler that throws', () => {
  test('is a line in the log; neither the pool nor other handlers mind', async () => {
    const logger = new Log();
    const error = new Error('bad handler');
    const pool = taskPool({ logger });
    const fail = () => {
      throw error;
    };
    pool.on('task.ended', fail);
    pool.on('*', fail);
    const events = recording(pool);
    expect(await pool.apply(() => 1).results()).toEqual([1]);
    await pool.gatherAndClose();
    expect(seqs(events)).toEqual(dense(1, events.length));
    expect(logger.lines).toContainEqual(['a subscriber of task.ended threw', error]);
    expect(logger.lines).toHaveLength(events.length + 1);
  });

  test('to a logger that throws does not keep later events back', () => {
    const fail = () => {
      throw new Error('bad');
    };
    const pool = taskPool({ logger: { info: fail, error: fail } });
    pool.on('pool.locked', fail);
    const events = recording(pool);
    pool.lock();
    pool.unlock();
    expect(events).toHaveLength(2);
  });
});

describe('a handler that calls the pool', () => {
  test('causes events that all handlers see after the one that caused them', () => {
    const pool = taskPool();
    const seen: string[] = [];
    pool.on('*', ({ type, seq }) => {
      seen.push(`1 ${type} ${seq}`);
      if (type === 'pool.locked') pool.unlock();
    });
    pool.on('*', ({ type, seq }) => void seen.push(`2 ${type} ${seq}`));
    pool.lock();
    expect(seen).toEqual([
      '1 pool.locked 1',
      '2 pool.locked 1',
      '1 pool.unlocked 2',
      '2 pool.unlocked 2',
    ]);
  });

  test('deeply keeps the order of seq', async () => {
    const pool = taskPool();
    const events = recording(pool);
    pool.on('pool.resized', ({ poolSize }) => {
      if ((poolSize ?? 0) > 0) pool.poolSize = (poolSize as number) - 1;
    });
    pool.poolSize = 20;
    expect(seqs(events)).toEqual(dense(1, 21));
    expect(pool.poolSize).toBe(0);
  });

  test.each(['task.queued', 'task.started'] as const)('to cancel a task on %s', async (type) => {
    const pool = taskPool();
    const called: number[] = [];
    pool.on(type, ({ id }) => pool.cancel(id));
    const work = async (n: number, context: { signal: AbortSignal }) => {
      called.push(n);
      context.signal.throwIfAborted();
    };
    const mapped = pool.map(work, [1, 2], { numConcurrent: 2 });
    const applied = pool.apply(work, [3], { num: 2 });
    const results = [...(await mapped.settled()), ...(await applied.settled())];
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('cancelled'));
    expect(called).toHaveLength(type === 'task.queued' ? 0 : 4);
    await pool.gatherAndClose();
  });

  test.each(['group.created', 'task.queued', 'task.started', 'group.exhausted'] as const)(
    'to cancel its group on %s',
    async (type) => {
      const pool = taskPool();
      pool.on(type, () => pool.cancelAll('over'));
      const mapped = pool.map(untilAborted, [1, 2]);
      const applied = pool.apply(untilAborted, [], { num: 2 });
      await pool.gatherAndClose({ signal: AbortSignal.timeout(5000) });
      for (const group of [mapped, applied]) {
        await expect(group.results()).rejects.toBeDefined();
      }
      expect(eventsOf(pool, 'group.cancelled')).toHaveLength(2);
      expect(pool).toMatchObject({ numRunning: 0, numQueued: 0, isClosed: true });
    },
  );

  test('to add work on the end of other work', async () => {
    const pool = taskPool({ poolSize: 1 });
    pool.on('task.ended', ({ id }) => {
      if (id < 5) pool.apply(() => 1);
    });
    pool.apply(() => 1);
    await pool.untilIdle();
    expect(pool.totals.fulfilled).toBe(6);
  });

  test('to close it', async () => {
    const pool = taskPool();
    pool.on('task.started', () => void pool.gatherAndClose());
    const group = pool.map((n: number) => n, [1, 2]);
    expect(await group.results()).toEqual([1, 2]);
    await pool.untilClosed();
  });
});

test('subscribing changes nothing about what is recorded, but that times are noted', async () => {
  const run = async (subscribe: boolean) => {
    const pool = taskPool({ poolSize: 2 });
    if (subscribe) recording(pool);
    pool.map((n: number) => n, [1, 2, 3], { numConcurrent: 2 });
    pool.apply(untilAborted, [], { groupName: 'mine' });
    await turn();
    pool.cancelGroup('mine');
    await pool.gatherAndClose();
    // But for its uid, which no two pools have in common.
    const [created, ...others] = eventsOf(pool);
    return [{ ...created, uid: '' }, ...others];
  };
  const noted = await run(true);
  const ends = (noted as { type?: string; waited?: number; ran?: number }[]).filter(
    ({ type }) => type === 'task.ended',
  );
  for (const end of ends) {
    expect([typeof end.waited, typeof end.ran]).toEqual(['number', 'number']);
    delete end.waited;
    delete end.ran;
  }
  expect(ends).toHaveLength(4);
  expect(noted).toEqual(await run(false));
});

describe('with { replay: true }', () => {
  test('events come that were recorded before, and then those that follow, once each', async () => {
    const pool = taskPool({ poolSize: 3 });
    pool.lock();
    const seqs: number[] = [];
    const off = pool.on('*', ({ seq }) => void seqs.push(seq), { replay: true });
    pool.unlock();
    expect(seqs).toEqual([]);
    await turn();
    expect(seqs).toEqual([0, 1, 2]);
    pool.lock();
    expect(seqs).toEqual([0, 1, 2, 3]);
    off();
    pool.unlock();
    expect(seqs).toHaveLength(4);
  });

  test('pool.created comes, of one type only that type', async () => {
    const pool = taskPool({ poolSize: 3 });
    pool.lock();
    const sizes: unknown[] = [];
    pool.on('pool.created', ({ poolSize }) => void sizes.push(poolSize), { replay: true });
    pool.on('pool.created', ({ poolSize }) => void sizes.push(poolSize));
    await turn();
    expect(sizes).toEqual([3]);
  });

  test('who subscribes in a handler gets no event twice, and what a handler causes comes last', async () => {
    const pool = taskPool();
    const seqs: number[] = [];
    pool.on('pool.locked', () => {
      pool.poolSize = 5;
      pool.on(
        '*',
        ({ seq, type }) => {
          seqs.push(seq);
          if (type === 'pool.created') pool.poolSize = 6;
        },
        { replay: true },
      );
    });
    pool.lock();
    await turn();
    expect(seqs).toEqual([0, 1, 2, 3]);
  });

  test('nothing comes to one who has unsubscribed, and the journal need not hold all', async () => {
    const pool = taskPool({ journal: { size: 2 } });
    const seqs: number[] = [];
    const off = pool.on('*', ({ seq }) => void seqs.push(seq), { replay: true });
    off();
    for (let size = 1; size < 6; size++) pool.poolSize = size;
    pool.on('*', ({ seq }) => void seqs.push(seq), { replay: true });
    pool.poolSize = 6;
    await turn();
    expect(seqs).toEqual([4, 5, 6]);
  });

  test('all events that were in memory come, whatever its handler records in the meantime', async () => {
    const pool = taskPool({ journal: { size: 4 } });
    const seqs: number[] = [];
    const handler = ({ seq }: { seq: number }) => {
      seqs.push(seq);
      if (seq < 4) for (let size = 1; size <= 3; size++) pool.poolSize = 10 * seq + size;
    };
    for (let size = 1; size <= 3; size++) pool.poolSize = size;
    pool.on('*', handler, { replay: true });
    await turn();
    expect(seqs).toEqual(Array.from({ length: 16 }, (_, seq) => seq));
    expect(pool.journal.firstSeq).toBeGreaterThan(4);
  });

  test('a handler that unsubscribes in the middle may record more than the journal holds', async () => {
    const pool = taskPool({ journal: { size: 2 } });
    const seqs: number[] = [];
    pool.poolSize = 100;
    const off = pool.on(
      '*',
      ({ seq }) => {
        seqs.push(seq);
        off();
        for (let size = 1; size <= 10; size++) pool.poolSize = size;
      },
      { replay: true },
    );
    await turn();
    expect(seqs).toEqual([0]);
    await pool.gatherAndClose();
  });

  test('an option that there is not is refused', () => {
    expect(() => taskPool().on('*', () => {}, { history: true } as never)).toThrow('replay');
  });
});

describe('with a pattern', () => {
  test("'task.*' is for what happens to tasks, in order, and to nothing else", async () => {
    const pool = taskPool();
    const seen: string[] = [];
    const off = pool.on('task.*', ({ type }) => void seen.push(type));
    await pool.apply(() => 1).results();
    expect(seen).toEqual(['task.queued', 'task.started', 'task.ended']);
    off();
    await pool.apply(() => 1).results();
    expect(seen).toHaveLength(3);
  });

  test('a handler of each subject gets what a handler of everything gets', async () => {
    const pool = taskPool();
    const all: number[] = [];
    const each: number[] = [];
    pool.on('*', ({ seq }) => void all.push(seq));
    for (const subject of ['task', 'group', 'callback', 'journal', 'limit', 'pool'] as const) {
      pool.on(`${subject}.*`, ({ seq }) => void each.push(seq));
    }
    await pool.map((n: number) => n, [1, 2]).results();
    await pool.gatherAndClose();
    expect(each).toEqual(all);
  });

  test('one that stands for nothing is refused', () => {
    for (const pattern of ['tasks.*', 'task*', '.*', 'task.', '']) {
      expect(() => taskPool().on(pattern as '*', () => {})).toThrow(RangeError);
    }
  });
});

describe('a subscription ends', () => {
  test('with its first event, if that is all that is wanted', async () => {
    const pool = taskPool();
    const seen: number[] = [];
    pool.on('task.ended', ({ id }) => void seen.push(id), { once: true });
    pool.on('pool.created', ({ seq }) => void seen.push(seq), { once: true, replay: true });
    await pool.map((n: number) => n, [1, 2]).results();
    await turn();
    expect(seen).toEqual([0, 0]);
  });

  test('with its signal', () => {
    const pool = taskPool();
    const controller = new AbortController();
    const { signal } = controller;
    let events = 0;
    pool.on('*', () => void events++, { signal });
    pool.lock();
    controller.abort();
    pool.unlock();
    pool.on('*', () => void events++, { signal });
    pool.lock();
    expect(events).toBe(1);
    expect(() => pool.on('*', () => {}, { signal: 1 as never })).toThrow(TypeError);
  });

  test('with the pool: nothing listens to its signal any more', async () => {
    const pool = taskPool();
    const { signal } = new AbortController();
    const ends: string[] = [];
    pool.on('pool.closed', ({ type }) => void ends.push(type), { signal });
    const off = pool.on('*', () => {}, { signal });
    pool.on('task.*', () => {}, { signal, once: true });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await pool.apply(() => 1).results();
    await pool.gatherAndClose();
    expect(ends).toEqual(['pool.closed']);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    off();
  });

  test('of a closed pool: nothing listens to its signal', async () => {
    const pool = taskPool();
    await pool.gatherAndClose();
    const controller = new AbortController();
    const { signal } = controller;
    const seen: string[] = [];
    pool.on('*', ({ type }) => void seen.push(type), { signal, replay: true });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    controller.abort();
    await turn();
    expect(seen).toEqual([]);
    pool.on('*', ({ type }) => void seen.push(type), {
      replay: true,
      signal: new AbortController().signal,
    });
    await turn();
    expect(seen).toEqual(['pool.created', 'pool.closing', 'pool.closed']);
  });
});
