/** Waits that would wait for themselves are refused. */

import { describe, expect, test } from 'vitest';
import {
  type Items,
  type TaskContext,
  type TaskGroup,
  type TaskPool,
  WouldDeadlock,
} from 'xstate-taskpool';
import { collect } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

type Wait = (pool: TaskPool, group: TaskGroup<unknown>) => unknown;

const FOR_ALL: readonly (readonly [string, Wait])[] = [
  ['untilIdle()', (pool) => pool.untilIdle()],
  ['untilClosed()', (pool) => pool.untilClosed()],
  ['gatherAndClose()', (pool) => pool.gatherAndClose()],
  [
    'gatherAndClose({ returnExceptions })',
    (pool) => pool.gatherAndClose({ returnExceptions: true }),
  ],
  ['await using', (pool) => pool[Symbol.asyncDispose]()],
];
const FOR_GROUP: readonly (readonly [string, Wait])[] = [
  ['results()', (_, group) => group.results()],
  ['settled()', (_, group) => group.settled()],
  ['for await', (_, group) => collect(group)],
  ['results() of another handle', (pool, { name }) => pool.group(name).results()],
  ['await using group', (_, group) => group[Symbol.asyncDispose]()],
];

describe('in the source of a group', () => {
  const SOURCES: readonly (readonly [string, (wait: () => Promise<unknown>) => Items<unknown>])[] =
    [
      [
        'a generator',
        function* (wait) {
          yield wait();
        },
      ],
      [
        'an async generator',
        async function* (wait) {
          yield await wait();
        },
      ],
      [
        'an iterator by hand',
        (wait) => ({ [Symbol.asyncIterator]: () => ({ next: wait as never }) }),
      ],
    ];
  test.each(SOURCES)('that is %s', async (_, sourceOf) => {
    for (const [, wait] of [...FOR_ALL, ...FOR_GROUP]) {
      const pool = taskPool();
      const group: TaskGroup<unknown> = pool.map(
        async () => {},
        sourceOf(async () => wait(pool, group)),
      );
      await group.settled().catch(() => {});
      await expect(group.results()).rejects.toThrow(WouldDeadlock);
      await pool.gatherAndClose({ returnExceptions: true });
    }
  });

  test('but not for another group, nor until few wait', async () => {
    const pool = taskPool({ poolSize: 2 });
    const other = pool.map(async (n: number) => n, [1, 2]);
    async function* source() {
      yield await other.results();
      await pool.untilSizeBelow(5);
      yield await pool.submit(() => 3);
    }
    expect(await pool.map((item) => item, source()).results()).toEqual([[1, 2], 3]);
  });
});

describe('in a function', () => {
  test('its own promise, by the key that it was submitted with', async () => {
    const pool = taskPool();
    const work = (): Promise<unknown> => pool.submit(work, [], { unique: 'me' });
    await expect(pool.submit(work, [], { unique: 'me' })).rejects.toThrow(
      'expected submit() with the key of another task, got it called in the function of task 0',
    );
    // Nobody need await it: it is no unhandled rejection.
    const again = () => void pool.submit(work, [], { unique: 'again' });
    await pool.submit(again, [], { unique: 'again' });
    await pool.gatherAndClose();
  });

  test.each([...FOR_ALL, ...FOR_GROUP])('%s', async (_, wait) => {
    const pool = taskPool();
    const group: TaskGroup<unknown> = pool.map(async () => wait(pool, group), [1, 2]);
    const [first, second] = await group.settled();
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'WouldDeadlock' } });
    expect(second).toMatchObject({ status: 'rejected', reason: expect.any(WouldDeadlock) });
    expect(pool.isLocked).toBe(false);
    await pool.gatherAndClose();
  });

  test('of an item that was awaited, and within a middleware', async () => {
    const pool = taskPool({ around: (_, run) => turn().then(run) });
    const group = pool.map(() => pool.untilIdle(), [Promise.resolve(1)]);
    await expect(group.results()).rejects.toThrow(
      'expected untilIdle() outside of tasks, got it called in the function of task 0',
    );
  });

  test('at any time with the context of the task, or with its signal', async () => {
    const waits: ((pool: TaskPool, context: TaskContext) => Promise<unknown>)[] = [
      (pool, context) => pool.untilIdle(context),
      (pool, { signal }) => pool.untilIdle({ signal }),
      (pool, { signal }) => pool.untilClosed({ signal }),
      (pool, { signal }) => pool.gatherAndClose({ signal }),
      (pool, { signal, groupName }) => pool.group(groupName).results({ signal }),
      (pool, context) => pool.group(context.groupName).settled(context),
      (pool, context) => pool.task(context.id).result(context),
    ];
    const pool = taskPool();
    const group = pool.map(async (wait, context) => {
      await turn();
      await wait(pool, context);
    }, waits);
    for (const result of await group.settled()) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'WouldDeadlock' } });
    }
  });

  test('but not with the signal of a task of another pool, or of one that has ended', async () => {
    const other = taskPool();
    const pool = taskPool();
    const signals: AbortSignal[] = [];
    const keep = async ({ signal }: TaskContext) => void signals.push(signal);
    await pool.apply(keep).results();
    await other.apply(keep).results();
    pool.apply(async ({ signal }) => void (await other.untilIdle({ signal })));
    for (const signal of signals) await pool.untilIdle({ signal });
    await pool.gatherAndClose();
    await other.gatherAndClose();
  });

  test('what was asked outside before stays good', async () => {
    const pool = taskPool();
    const group: TaskGroup<unknown> = pool.apply(() => group.results());
    const before = group.results();
    await expect(before).rejects.toThrow('another group');
    await expect(group.results()).rejects.toThrow(WouldDeadlock);
  });
});

describe('in a callback', () => {
  const inCallback = async (kind: 'endCallback' | 'cancelCallback', wait: Wait) => {
    const pool = taskPool();
    let error: unknown;
    const group = pool.apply(untilAborted, [], {
      [kind]: async () => {
        try {
          await wait(pool, group);
        } catch (thrown) {
          error = thrown;
        }
      },
    });
    await turn();
    group.cancel();
    await pool.untilIdle();
    await pool.gatherAndClose({ returnExceptions: true });
    return error;
  };
  const flush: readonly [string, Wait] = ['flush()', (pool) => pool.flush()];

  test.each([...FOR_ALL, flush])('%s in an end callback', async (_, wait) => {
    expect(await inCallback('endCallback', wait)).toBeInstanceOf(WouldDeadlock);
  });

  test.each([...FOR_ALL, ...FOR_GROUP.slice(0, 3), flush])(
    '%s in a cancel callback',
    async (_, wait) => {
      expect(await inCallback('cancelCallback', wait)).toBeInstanceOf(WouldDeadlock);
    },
  );

  test('the task itself in its cancel callback, but no other task and no other group', async () => {
    const pool = taskPool();
    const other = pool.apply(() => 2, [], { groupName: 'other' });
    let seen: unknown;
    const group = pool.apply(untilAborted, [], {
      cancelCallback: async (id) => {
        const waits = [other.results(), pool.task(0).result(), pool.task(id).result()];
        seen = await Promise.allSettled(waits);
      },
    });
    await turn();
    group.cancel();
    await pool.untilIdle();
    expect(seen).toMatchObject([
      { value: [2] },
      { value: 2 },
      { reason: { message: expect.stringContaining('in the cancel callback of task 1') } },
    ]);
  });

  test('the results are there in an end callback', async () => {
    const pool = taskPool();
    let results: unknown;
    const group = pool.apply(() => 1, [], {
      endCallback: async () => {
        results = await group.results();
      },
    });
    await pool.untilIdle();
    expect(results).toEqual([1]);
  });
});

describe('what waits for something else', () => {
  test('another pool, another group, a flush', async () => {
    const [pool, other] = [taskPool(), taskPool()];
    const group = pool.apply(async (context) => {
      const inner = pool.map((n: number) => n, [1, 2]).results();
      await pool.flush();
      await other.untilIdle(context);
      await other.gatherAndClose();
      return inner;
    });
    expect(await group.results()).toEqual([[1, 2]]);
  });

  test('subscribers and listeners of signals that a function causes to be called', async () => {
    const pool = taskPool();
    const waits: Promise<unknown>[] = [];
    pool.on('task.progressed', () => void waits.push(pool.untilIdle()));
    pool.apply((context) => {
      const done = untilAborted(context);
      context.signal.addEventListener('abort', () => void waits.push(pool.untilIdle()));
      return done;
    });
    await turn();
    pool.apply(({ report }) => {
      report('half');
      pool.cancel(0);
    });
    await turn();
    expect(waits).toHaveLength(2);
    await Promise.all(waits);
  });

  test('once the function has returned or thrown', async () => {
    const pool = taskPool();
    const waits: Promise<unknown>[] = [];
    pool.apply(() => queueMicrotask(() => void waits.push(pool.untilIdle())));
    pool.apply(() => {
      throw new Error('bad');
    });
    const group = pool.apply(() => 1);
    await turn();
    await Promise.all([pool.untilIdle(), group.results(), pool.flush({ returnExceptions: true })]);
    await Promise.all(waits);
    expect(waits).toHaveLength(1);
    await pool.gatherAndClose();
  });

  test('the context of a task that has ended', async () => {
    const pool = taskPool();
    const contexts: TaskContext[] = [];
    await pool.apply((context) => void contexts.push(context)).results();
    for (const context of contexts) await pool.untilIdle(context);
  });
});
