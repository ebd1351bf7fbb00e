import { describe, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { keepBusy } from '../support/busy.ts';
import { eventsOf } from '../support/observing.ts';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

/** A pool of one slot, which a first task holds until `release` is called; then `order` fills. */
function heldPool(options: ConstructorParameters<typeof TaskPool>[0] = {}) {
  const order: string[] = [];
  const note = (name: string) => void order.push(name);
  let release!: () => void;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const pool = taskPool({ poolSize: 1, ...options });
  pool.apply(() => held);
  return { pool, order, note, release };
}

describe('between groups', () => {
  test('the one with the highest priority is served first, and those of equal priority in turn', async () => {
    const { pool, order, note, release } = heldPool();
    pool.map(note, ['low 1', 'low 2'], { priority: -1 });
    pool.map(note, ['a 1', 'a 2']);
    pool.map(note, ['b 1', 'b 2']);
    pool.map(note, ['high 1', 'high 2'], { priority: 0.5 });
    release();
    await pool.untilIdle();
    expect(order).toEqual(['high 1', 'high 2', 'a 1', 'b 1', 'a 2', 'b 2', 'low 1', 'low 2']);
  });

  test('a priority that is changed while a group waits counts at once', async () => {
    const { pool, order, note, release } = heldPool();
    const first = pool.map(note, ['first 1', 'first 2']);
    const second = pool.map(note, ['second 1', 'second 2']);
    await turn();
    second.priority = 3;
    first.priority = -3;
    expect([first.priority, second.priority]).toEqual([-3, 3]);
    release();
    await pool.untilIdle();
    expect(order).toEqual(['second 1', 'second 2', 'first 1', 'first 2']);
    expect(eventsOf(pool, 'group.prioritised')).toEqual([
      { type: 'group.prioritised', group: second.name, priority: 3 },
      { type: 'group.prioritised', group: first.name, priority: -3 },
    ]);
  });

  test('a group that was held back is served before one that was served since', async () => {
    const pool = taskPool({ poolSize: 0 });
    const order: string[] = [];
    const started = (name: string) => {
      order.push(name);
      pool.poolSize = 0;
    };
    const one = pool.map(started, ['one 1', 'one 2']);
    pool.map(started, ['two 1', 'two 2', 'two 3']);
    await turn();
    one.pause();
    for (let slots = 0; slots < 2; slots++) {
      pool.poolSize = 1;
      await turn();
    }
    one.resume();
    await turn();
    pool.poolSize = 1;
    await turn();
    expect(order).toEqual(['two 1', 'two 2', 'one 1']);
  });
});

describe('a task', () => {
  test('of a priority of its own starts before what is less important, and keeps it', async () => {
    const { pool, order, note, release } = heldPool();
    pool.map(note, ['a 1', 'a 2']);
    const other = pool.map(note, ['b 1', 'b 2']);
    await turn();
    const [id] = other.ids;
    pool.setPriority(id as number, 7);
    other.priority = -1;
    expect(pool.snapshot().tasks.find((task) => task.id === id)?.priority).toBe(7);
    release();
    await pool.untilIdle();
    expect(order).toEqual(['b 1', 'a 1', 'a 2', 'b 2']);
    expect(eventsOf(pool, 'task.prioritised')).toEqual([
      { type: 'task.prioritised', id, priority: 7 },
    ]);
  });

  test('that has ended, or that there is not, has no priority to set', async () => {
    const pool = taskPool();
    const group = pool.apply(() => 1);
    await group.results();
    const [id] = group.ids;
    expect(() => pool.setPriority(id as number, 1)).toThrow('ended');
    expect(() => pool.setPriority(99, 1)).toThrow('got 99');
    expect(eventsOf(pool, 'task.prioritised')).toEqual([]);
  });

  test('of a group that is full is the next when another of it ends, also as the event loop gets a turn', async () => {
    const pool = taskPool({ poolSize: 1 });
    const [a1, b1] = [new Gate(), new Gate()];
    const wait = ({ promise }: Gate) => promise;
    const over = new Gate();
    over.resolve();
    const important = pool.map(wait, [a1, over], { priority: 1 });
    await turn();
    important.numConcurrent = 1;
    pool.poolSize = 2;
    pool.map(wait, [b1, over]);
    await turn();
    expect(pool.task(1).state).toBe('queued');
    await keepBusy();
    b1.resolve();
    a1.resolve();
    await pool.untilIdle();
    // The ids of a1, b1, a2 and b2.
    expect(eventsOf(pool, 'task.started')).toMatchObject([0, 2, 1, 3].map((id) => ({ id })));
  });
});

test('submissions start by priority, however large or small, then in the order of the calls', async () => {
  const { pool, order, release } = heldPool();
  const sizes = [-1e300, -3, -0.1, -1e-300, 0, -0, 0, 1e-300, 0.1, 3, 3.000_000_1, 1e300];
  // Each twice, in an order that has nothing to do with their size.
  const given = Array.from({ length: 24 }, (_, call) => sizes[(call * 7) % 12] as number);
  given.forEach((priority, call) => {
    void pool.submit((name: string) => void order.push(name), [`${call}`], { priority });
  });
  release();
  await pool.untilIdle();
  const expected = given.map((_, call) => call);
  expected.sort((a, b) => (given[b] as number) - (given[a] as number) || a - b);
  expect(order).toEqual(expected.map(String));
});

test('with aging, what has waited long starts before what is more important', async () => {
  let now = 0;
  const clock = { now: () => now, setTimeout, clearTimeout };
  const { pool, order, note, release } = heldPool({ clock, aging: 1000 });
  pool.map(note, ['old']);
  await turn();
  now = 2500;
  pool.map(note, ['two'], { priority: 2 });
  pool.map(note, ['three'], { priority: 3 });
  release();
  await pool.untilIdle();
  expect(order).toEqual(['three', 'old', 'two']);
});

test('with aging, a new priority of a group counts for its submissions that wait', async () => {
  const { pool, order, note, release } = heldPool({ aging: 1e9 });
  const submit = (name: string, options = {}) =>
    pool.submit(note, [name], { groupName: 'calls', ...options });
  const all = [submit('head'), submit('plain'), submit('own', { priority: -1 })];
  await turn();
  pool.group('calls').priority = -2;
  release();
  await Promise.all(all);
  expect(order).toEqual(['own', 'head', 'plain']);
  await pool.gatherAndClose();
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is no priority', (priority) => {
  const pool = taskPool();
  const group = pool.map((n: number) => n, [1]);
  const expected = 'expected priority to be a finite number';
  expect(() => pool.map((n: number) => n, [1], { priority })).toThrow(expected);
  expect(() => {
    group.priority = priority;
  }).toThrow(expected);
  expect(() => pool.setPriority(0, priority)).toThrow(expected);
  expect(() => new TaskPool({ aging: -priority })).toThrow('expected aging');
});

describe('a loop that is due starts nobody by an order that has changed', () => {
  /** What starts after the first task: its function settles right before something is changed. */
  async function startedAfter(change: (pool: TaskPool, at: 'before' | 'last') => void) {
    const started: string[] = [];
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate();
    const work = (name: string) => {
      started.push(name);
      return name === 'first' ? gate.promise : undefined;
    };
    pool.map(work, ['first', 'a'], { groupName: 'a' });
    pool.map(work, ['b'], { groupName: 'b' });
    pool.map(work, ['c'], { groupName: 'c', priority: -1 });
    await turn();
    change(pool, 'before');
    await turn();
    gate.resolve();
    change(pool, 'last');
    await pool.gatherAndClose();
    return started.slice(1);
  }

  test('a priority of a group', async () => {
    const raise = (pool: TaskPool, at: string) => {
      if (at === 'last') pool.group('c').priority = 1;
    };
    expect(await startedAfter(raise)).toEqual(['c', 'b', 'a']);
  });

  test('a priority of a task', async () => {
    const raise = (pool: TaskPool, at: string) => {
      const task = pool.snapshot().tasks.find(({ group }) => group === 'c');
      if (at === 'last') pool.setPriority(task?.id ?? -1, 1);
    };
    expect(await startedAfter(raise)).toEqual(['c', 'b', 'a']);
  });

  test('a group that was paused', async () => {
    const hold = (pool: TaskPool, at: string) => {
      const group = pool.group('c');
      if (at === 'last') group.resume();
      else {
        group.pause();
        group.priority = 1;
      }
    };
    expect(await startedAfter(hold)).toEqual(['c', 'b', 'a']);
  });

  test('a head that was cancelled', async () => {
    const started: string[] = [];
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate();
    const work = (name: string) => {
      started.push(name);
      return name === 'first' ? gate.promise : undefined;
    };
    const submit = (name: string, groupName: string, priority: number) =>
      pool.submit(work, [name], { groupName, priority, unique: name }).catch(() => {});
    void submit('first', 'other', 0);
    await turn();
    void submit('next', 'high', 1);
    await turn();
    void submit('head', 'high', 2);
    void submit('low', 'other', 0);
    await turn();
    gate.resolve();
    pool.cancel('head');
    await pool.gatherAndClose();
    expect(started).toEqual(['first', 'next', 'low']);
  });
});

test('the priority that a group or a task has already is no event', async () => {
  const pool = taskPool({ poolSize: 1 });
  const group = pool.map(untilAborted, [1, 2], { priority: 3 });
  await turn();
  pool.setPriority(1, 5);
  const { nextSeq } = pool.journal;
  group.priority = 3;
  pool.setPriority(1, 5);
  expect(pool.journal.nextSeq).toBe(nextSeq);
  group.priority = 4;
  expect(pool.journal.nextSeq).toBe(nextSeq + 1);
  pool.cancelAll();
});
