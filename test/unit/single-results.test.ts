import { describe, expect, test } from 'vitest';
import { GaveUpWaiting, type TaskHandle, type TaskPool, WouldDeadlock } from 'xstate-taskpool';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

function taskOf(pool: TaskPool, fn: (...args: never[]) => unknown): TaskHandle {
  const [id = -1] = pool.apply(fn as () => unknown).ids;
  return pool.task(id);
}

const fail = async (): Promise<never> => {
  throw new Error('no');
};

describe('task.result()', () => {
  test('gives what the function returned, before and after it has', async () => {
    const pool = taskPool({ retain: 'none' });
    const task = taskOf(pool, async () => 'value');
    expect(await Promise.all([task.result(), task.result()])).toEqual(['value', 'value']);
    expect(await task.result()).toBe('value');
  });

  test('rejects with what it threw, which is delivered by that', async () => {
    const pool = taskPool();
    await expect(taskOf(pool, fail).result()).rejects.toThrow('no');
    const late = taskOf(pool, fail);
    await pool.untilIdle();
    await expect(late.result()).rejects.toThrow('no');
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('rejects with the reason of a cancellation', async () => {
    const pool = taskPool();
    const task = taskOf(pool, untilAborted);
    const result = task.result();
    await turn();
    task.cancel('why');
    await expect(result).rejects.toBe('why');
  });

  test('is refused in the function of the task itself', async () => {
    const pool = taskPool();
    const task: TaskHandle = taskOf(pool, () => task.result());
    await expect(task.result()).rejects.toThrow(WouldDeadlock);
  });

  test('is not there once a loop has consumed it', async () => {
    const pool = taskPool();
    const group = pool.map(async (n: number) => n, [1]);
    for await (const _ of group);
    const [id = -1] = group.ids;
    await expect(pool.task(id).result()).rejects.toThrow(/consumed/);
  });
});

describe('group.first()', () => {
  test('gives the first value and cancels the rest', async () => {
    const pool = taskPool();
    const gate = new Gate<string>();
    const group = pool.map(
      (n: number, { signal }) => (n === 1 ? gate.promise : untilAborted({ signal })),
      [0, 1, 2, 3, 4],
      { numConcurrent: 3 },
    );
    const first = group.first();
    await turn();
    gate.resolve('one');
    expect(await first).toBe('one');
    expect(await group.first()).toBe('one');
    await pool.untilIdle();
    expect(pool.totals).toMatchObject({ started: 3, fulfilled: 1, cancelled: 2 });
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('passes over failures as long as a value comes', async () => {
    const pool = taskPool();
    const group = pool.map(async (n: number) => (n < 2 ? fail() : n), [0, 1, 2]);
    expect(await group.first()).toBe(2);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('rejects with all failures where none comes', async () => {
    const pool = taskPool();
    await expect(pool.map(fail, [1]).first()).rejects.toThrow(new Error('no'));
    const several = await pool
      .map(fail, [1, 2])
      .first()
      .catch((error) => error);
    expect(several).toBeInstanceOf(AggregateError);
    expect(several.errors).toHaveLength(2);
    expect(several.message).toMatch(/^expected a value of '.*', got 2 failures$/);
    await expect(pool.map(fail, []).first()).rejects.toThrow(/got no tasks/);
    const cancelled = pool.map(untilAborted, [1, 2]);
    const first = cancelled.first();
    await turn();
    cancelled.cancel('over');
    await expect(first).rejects.toBe('over');
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('keeps the first thousand errors, and counts all failures', async () => {
    const pool = taskPool();
    const failing = async (n: number) => Promise.reject(n);
    const error = await pool
      .map(failing, Array(1002).keys())
      .first()
      .catch((thrown) => thrown);
    expect(error.message).toContain('got 1002 failures');
    expect(error.errors).toEqual([...Array(1000).keys()]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });
});

describe('a wait with a signal', () => {
  test('is given up with an error that says what is not done', async () => {
    const pool = taskPool({ poolSize: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const blocked = new Gate();
    const other = taskOf(pool, () => blocked.promise);
    const group = pool.map(() => new Gate().promise, [1, 2], { groupName: 'pages' });
    const waits = [
      group.results({ signal }),
      group.settled({ signal }),
      group.first({ signal }),
      other.result({ signal }),
    ];
    await turn();
    controller.abort(new Error('time is up'));
    const errors = await Promise.all(waits.map((wait) => wait.catch((error: unknown) => error)));
    for (const error of errors) {
      expect(error).toBeInstanceOf(GaveUpWaiting);
      expect(error).toMatchObject({ code: 'GaveUpWaiting', cause: new Error('time is up') });
    }
    const [results] = errors as [GaveUpWaiting];
    expect(results.message).toMatch(
      /^gave up waiting for results\(\) of 'pages': not done: task 1 of 'pages', queued$/,
    );
    expect(results.tasks).toMatchObject([
      { id: 1, groupName: 'pages', state: 'queued', ran: undefined },
    ]);
    expect((errors[3] as Error).message).toMatch(/: task 0 of '.*', running for \d+ ms$/);
  });

  test('names five tasks and lists a hundred, those that run first', async () => {
    const pool = taskPool({ limits: { host: { concurrent: 1 } } });
    const controller = new AbortController();
    const group = pool.map(() => new Gate().promise, Array(130).keys(), {
      groupName: 'pages',
      numConcurrent: 5,
      lookahead: 200,
      limits: { host: (n: number) => (n < 120 ? 'slow' : 'quick') },
    });
    while (group.progress.created < 130) await turn();
    const wait = group.results({ signal: controller.signal });
    controller.abort();
    const error = (await wait.catch((thrown: unknown) => thrown)) as GaveUpWaiting;
    expect(error.tasks).toHaveLength(100);
    expect(error.tasks.slice(0, 5).map(({ id }) => id)).toEqual([0, 120, 1, 2, 3]);
    expect(error.message.replaceAll(/\d+ ms/g, 'long')).toBe(
      "gave up waiting for results() of 'pages': not done: task 0 of 'pages', running for long, " +
        "task 120 of 'pages', running for long, task 1 of 'pages', queued, " +
        "task 2 of 'pages', queued, task 3 of 'pages', queued, 125 more",
    );
  });

  test('says so where there is no task', async () => {
    const controller = new AbortController();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const group = taskPool().map(fail, never, { groupName: 'pages' });
    const wait = group.results({ signal: controller.signal });
    controller.abort();
    await expect(wait).rejects.toThrow('not done: no task, but items or callbacks');
  });

  test('gives what is there, and the reason where the signal has cancelled the work as well', async () => {
    const pool = taskPool();
    const done = pool.map(async (n: number) => n, [1]);
    await pool.untilIdle();
    expect(await done.results({ signal: AbortSignal.abort() })).toEqual([1]);
    const controller = new AbortController();
    const { signal } = controller;
    const group = pool.map(untilAborted, [1], { signal });
    const results = group.results({ signal });
    await turn();
    controller.abort('both');
    await expect(results).rejects.toBe('both');
  });

  test('leaves no listener behind', async () => {
    const pool = taskPool();
    const { signal } = new AbortController();
    let listeners = 0;
    signal.addEventListener = () => void listeners++;
    signal.removeEventListener = () => void listeners--;
    await pool.map(async (n: number) => n, [1]).results({ signal });
    await turn();
    expect(listeners).toBe(0);
  });

  test('is refused where the option is none', async () => {
    const group = taskPool().map(async (n: number) => n, [1]);
    await expect(group.results({ signal: 5 as never })).rejects.toThrow(/AbortSignal/);
    await expect(group.settled({ timeout: 5 } as never)).rejects.toThrow(/signal/);
  });
});
