/** Groups take turns at the keys that they share. */

import { expect, test } from 'vitest';
import { type TaskGroup, TaskPool } from 'xstate-taskpool';
import { processorTime } from '../support/cost.ts';
import { Log, taskPool, turn } from '../support/pools.ts';

const keys = { host: { concurrent: 1 }, user: { concurrent: 1 } };

type Keys = typeof keys;

/** The groups of tasks in the order of their starts; each task runs until {@link Stage.end}. */
class Stage {
  readonly started: string[] = [];
  readonly #running: (() => void)[] = [];
  readonly #pool: TaskPool<Keys>;

  constructor(pool: TaskPool<Keys>) {
    this.#pool = pool;
    pool.on('task.started', ({ group }) => void this.started.push(String(group)));
  }

  add(groupName: string, length: number, host: string, options: object = {}): TaskGroup<void> {
    const items = Array.from({ length }, () => groupName);
    return this.#pool.map(this.work, items, { groupName, limits: { host }, ...options });
  }

  readonly work = (): Promise<void> => new Promise((resolve) => void this.#running.push(resolve));

  /** Ends the task that has run for longest, several times in turn. */
  async end(times: number): Promise<void> {
    for (; times > 0; times--) {
      this.#running.shift()?.();
      await turn();
    }
  }
}

const poolWithKeys = (poolSize = 100) =>
  new TaskPool({ poolSize, limits: keys, logger: new Log() });

test('a group with very many items does not delay a later one with the same key', async () => {
  const pool = poolWithKeys();
  const stage = new Stage(pool);
  stage.add('large', 1_000_000, 'a');
  await turn();
  stage.add('small', 3, 'a');
  await turn();
  await stage.end(6);
  expect(stage.started.slice(1).join(' ')).toBe('large small large small large small');
  pool.cancelAll();
});

test('groups take turns, also when a limit is raised for several at once', async () => {
  const pool = poolWithKeys();
  const stage = new Stage(pool);
  for (const name of ['a', 'b', 'c']) stage.add(name, 4, 'key');
  await turn();
  pool.limits.host.concurrent = 7;
  await turn();
  expect(stage.started.join('')).toBe('abcabca');
  await stage.end(5);
  expect(stage.started.join('')).toBe('abcabcabcabc');
  pool.cancelAll();
});

test('groups take turns at a rate', async () => {
  const pool = taskPool({ limits: { host: { rate: { max: 1, per: 10 } } } });
  const started: string[] = [];
  const work = async (name: string) => void started.push(name);
  const groups = ['a', 'b'].map((name) => {
    return pool.map(work, [name, name, name], { limits: { host: true } });
  });
  await Promise.all(groups.map((group) => group.results()));
  expect(started.join('')).toBe('ababab');
});

test('a group keeps its turn while it is paused, at its own limit, or its priority changes', async () => {
  const pool = poolWithKeys();
  const stage = new Stage(pool);
  const groups = [...'abc'].map((name) => stage.add(name, 3, 'key'));
  const [, b, c] = groups as [TaskGroup<void>, TaskGroup<void>, TaskGroup<void>];
  await turn();
  b.pause();
  c.priority = 5;
  c.priority = 0;
  await stage.end(1);
  b.resume();
  await stage.end(2);
  expect(stage.started.join('')).toBe('acba');
  pool.cancelAll();
});

test('a task keeps its places when it waits at one of its keys and then at another', async () => {
  const pool = poolWithKeys();
  const stage = new Stage(pool);
  stage.add('x', 1, 'a');
  const busy = pool.submit(stage.work, [], { groupName: 'busy', limits: { user: 'u' } });
  await turn();
  void pool.submit(stage.work, [], { groupName: 'both', limits: { host: 'a', user: 'u' } });
  await turn();
  stage.add('y', 2, 'a');
  await turn();
  // The host has become free, but not the user: the others go past.
  await stage.end(1);
  expect(stage.started).toEqual(['x', 'busy', 'y']);
  await stage.end(1);
  await busy;
  await stage.end(1);
  expect(stage.started).toEqual(['x', 'busy', 'y', 'both']);
  pool.cancelAll();
});

test('a group that has other things to do first does not keep a key from others', async () => {
  const pool = poolWithKeys(1);
  const stage = new Stage(pool);
  const items = ['k', 'j', 'j', 'j', 'k'];
  pool.map(stage.work, items, { groupName: 'many', limits: { host: (key: string) => key } });
  stage.add('only k', 3, 'k');
  await turn();
  await stage.end(5);
  expect(stage.started.join()).toBe('many,only k,many,only k,many,only k');
  pool.cancelAll();
});

test('a group of one task keeps its turn when the priority of that is set', async () => {
  const pool = poolWithKeys();
  const stage = new Stage(pool);
  const [, b] = [...'abc'].map((name) => stage.add(name, 1, 'key'));
  await turn();
  for (const id of b?.ids ?? []) pool.setPriority(id, 0);
  await stage.end(2);
  expect(stage.started.join('')).toBe('abc');
  pool.cancelAll();
});

test('others wait for a slot at a key while the next task of the first group there needs another key', async () => {
  const pool = poolWithKeys(2);
  const stage = new Stage(pool);
  stage.add('holds', 1, 'k');
  pool.apply(stage.work, [], { groupName: 'busy' });
  await turn();
  const several = pool.map(stage.work, ['k', 'j'], {
    groupName: 'several',
    limits: { host: (key: string) => key },
  });
  await turn();
  stage.add('only k', 1, 'k');
  pool.setPriority(Math.max(...several.ids), 1);
  await turn();
  await stage.end(2);
  expect(stage.started).toEqual(['holds', 'busy', 'several', 'only k']);
  pool.cancelAll();
});

test('a task that comes to an open key goes behind the group that waits there for a slot', async () => {
  const pool = poolWithKeys(3);
  const stage = new Stage(pool);
  stage.add('holds', 1, 'k');
  const submit = (host: string) => {
    pool.submit(stage.work, [], { groupName: 'late', limits: { host } }).catch(() => {});
  };
  submit('j');
  await turn();
  pool.map(stage.work, ['m', 'k'], {
    groupName: 'first',
    limits: { host: (key: string) => key },
  });
  await turn();
  pool.poolSize = 1;
  await stage.end(1);
  submit('k');
  await turn();
  await stage.end(2);
  expect(stage.started).toEqual(['holds', 'late', 'first', 'first']);
  pool.cancelAll();
});

test('a start costs the same however many groups wait at its key', async () => {
  const costOf = async (groups: number) => {
    const pool = taskPool({ retain: 'none', limits: { host: { concurrent: 1 } } });
    const work = async () => {};
    const waiting = Array.from({ length: groups }, () => {
      return pool.map(work, Array(2_000 / groups).fill(0), { limits: { host: true } });
    });
    return processorTime(() => Promise.all(waiting.map((group) => group.settled())));
  };
  await costOf(10);
  const few = await costOf(4);
  // If each start looked at all of them, it would take seconds.
  expect(await costOf(1_000)).toBeLessThan(10 * few + 400_000);
});
