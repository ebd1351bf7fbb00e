import { expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { storeOver } from '../support/memory-like.ts';
import { Gate, Log, taskPool, turn, untilAborted } from '../support/pools.ts';

const logger = new Log();
const at = '2001-09-09T01:46:40.000Z';
const clock = { now: () => 1e12, setTimeout, clearTimeout };

test('every reason why something waits is told, as data and as a sentence', async () => {
  const pool = new TaskPool({
    poolSize: 2,
    limits: {
      host: { concurrent: 1 },
      api: { rate: { max: 1, per: 1000 } },
    },
    clock,
    logger,
  });
  const said = (what: number | string) => {
    const { reason, sentence } = pool.explain(what);
    return [reason, sentence];
  };
  const options = { groupName: 'pages', numConcurrent: 5, limits: { host: 'a' } };
  pool.map(untilAborted, [1, 2], options);
  pool.map(untilAborted, [1, 2], { groupName: 'calls', limits: { api: true } });
  pool.map(untilAborted, [1], { groupName: 'rest' });
  await turn();
  const blocked = { why: 'limit', limit: 'host', key: 'a', of: 'concurrent' };
  expect(said('pages')).toEqual([
    blocked,
    `task 3 of 'pages' waits: limit 'host' for "a" allows 1 at once, and that one runs`,
  ]);
  expect(said(0)).toEqual([
    { why: 'state', state: 'running' },
    `task 0 of 'pages' does not wait: it is running`,
  ]);
  expect(said('calls')).toEqual([
    { why: 'limit', limit: 'api', key: true, of: 'rate', until: 1e12 + 1000 },
    `task 4 of 'calls' waits: limit 'api' allows 1 start in 1000 ms, the next at 2001-09-09T01:46:41.000Z`,
  ]);
  expect(said('rest')[0]).toEqual({ why: 'full', poolSize: 2 });
  pool.group('rest').pause();
  expect(said('rest')[0]).toEqual({ why: 'paused', what: 'group' });
  pool.pause();
  expect(said('pages')[0]).toEqual({ why: 'paused', what: 'pool' });
  pool.resume();
  pool.limits.host.pause('a', 5);
  pool.limits.host.concurrent = 9;
  expect(said('pages')[0]).toEqual({ ...blocked, of: 'paused', until: 1e12 + 5 });
  expect(said('pages')[1]).toContain(`is paused until ${at.replace('000Z', '005Z')}`);
  pool.cancelAll();
  expect(() => pool.explain('pages')).toThrow("got 'pages'");
  expect(() => pool.explain(99)).toThrow('got 99');
  await pool.gatherAndClose();
});

test('a group that may start nothing, or could start in the next turn', async () => {
  const pool = new TaskPool({ clock, logger, limits: { host: { concurrent: 0 } } });
  pool.apply(async () => {}, [], { groupName: 'next' });
  expect(pool.explain('next').reason).toEqual({ why: 'turn' });
  pool.apply(untilAborted, [], { groupName: 'none', limits: { host: 'a' } });
  await turn();
  expect(pool.explain('none').sentence).toBe(
    `task 1 of 'none' waits: limit 'host' for "a" allows nothing to run`,
  );
  pool.group('none').pause();
  expect(pool.explain('none').sentence).toBe(`task 1 of 'none' waits: the group is paused`);
  pool.cancelAll();
});

test('a task whose key is free, while others come first there', async () => {
  const pool = new TaskPool({ clock, logger, poolSize: 1, limits: { host: { concurrent: 1 } } });
  const gate = new Gate();
  const limits = { host: () => 'a' };
  pool.map(() => gate.promise, [0], { limits });
  await turn();
  const groups = [1, 2].map((n) => pool.map(untilAborted, [n], { limits, groupName: `g${n}` }));
  await turn();
  pool.apply(untilAborted, [], { priority: 9 });
  gate.resolve();
  await turn();
  const [first, second] = groups.map(({ name }) => pool.explain(name));
  expect(first?.reason).toEqual({ why: 'full', poolSize: 1 });
  expect(second?.reason).toEqual({ why: 'limit', limit: 'host', key: 'a', of: 'order' });
  expect(second?.sentence).toContain(`waits: others come first at limit 'host' for "a"`);
  pool.cancelAll();
});

test('a submission by its key, as a task and before that', async () => {
  const pool = new TaskPool({ poolSize: 1, clock, logger });
  const all = ['a', 'b', 'c', 'd'].map((unique) => pool.submit(untilAborted, [], { unique }));
  const next = pool.submit(untilAborted, [], { unique: 'd', onDuplicate: 'replace' });
  const outcomes = Promise.allSettled([...all, next]);
  await turn();
  expect(pool.explain('a')).toMatchObject({ id: 0, reason: { why: 'state', state: 'running' } });
  expect(pool.explain('b')).toMatchObject({ id: 1, reason: { why: 'full', poolSize: 1 } });
  expect(pool.explain('c')).toEqual({
    index: 2,
    group: 'submit-untilAborted',
    reason: { why: 'full', poolSize: 1 },
    sentence: "submission 2 of 'submit-untilAborted' waits: the only slot of the pool is taken",
  });
  pool.group('submit-untilAborted').pause();
  expect(pool.explain('d').reason).toEqual({ why: 'paused', what: 'group' });
  pool.group('submit-untilAborted').resume();
  void pool.submit(untilAborted, [], { unique: 'a', onDuplicate: 'replace' }).catch(() => {});
  expect(pool.explain('a')).toMatchObject({ index: 5, reason: { why: 'unique', key: 'a' } });
  expect(pool.explain('a').sentence).toContain(
    "another submission with the key 'a' has not settled",
  );
  // A text that is a key and a name is taken as the key; a handle tells them apart.
  void pool
    .submit(untilAborted, [], { unique: 'submit-untilAborted', waitTimeout: 9 })
    .catch(() => {});
  expect(pool.explain('submit-untilAborted')).toMatchObject({ index: 6, since: 1e12 });
  expect(pool.explain(pool.group('submit-untilAborted'))).toMatchObject({ id: 1 });
  pool.cancelAll('over');
  await outcomes;
  await pool.gatherAndClose();
});

test('a group at its limit, one that waits for its source, one that only runs, and one that is done', async () => {
  const pool = new TaskPool({ logger });
  const gate = new Gate();
  pool.map(() => gate.promise, [1, 2], { groupName: 'few', numConcurrent: 1 });
  const never = (async function* () {
    await new Promise<void>(() => {});
    yield 1;
  })();
  pool.map(() => 1, never, { groupName: 'slow' });
  pool.map(() => gate.promise, [1], { groupName: 'last' });
  await turn();
  // Its source has no more items, so it does not wait for one.
  expect(pool.explain('last').reason).toEqual({ why: 'state', state: 'running' });
  expect(pool.explain('few').sentence).toBe(
    `group 'few' waits: the group runs 1 at once, which is its limit`,
  );
  expect(pool.explain('slow')).toMatchObject({ group: 'slow', reason: { why: 'source' } });
  gate.resolve();
  await turn();
  expect(pool.explain('few').reason).toEqual({ why: 'state', state: 'done' });
  pool.cancelAll();
});

test('a task while too much waits to be written to the journal', async () => {
  const written = new Gate();
  const { store } = storeOver({ before: () => written.promise });
  const pool = new TaskPool({ journal: store, logger });
  const long = 'x'.repeat(1024 * 1024);
  pool.apply(({ report }) => {
    for (let n = 0; n < 16; n++) report(long);
  });
  await turn();
  const group = pool.map(() => 1, [1], { groupName: 'next' });
  await turn();
  expect(pool.explain('next')).toMatchObject({
    reason: { why: 'journal' },
    sentence: "task 1 of 'next' waits: the journal is behind with writing",
  });
  written.resolve();
  expect(await group.results()).toEqual([1]);
  await pool.gatherAndClose();
});

test('names and paths of any length leave a message readable', async () => {
  const pool = new TaskPool({ limits: { host: { concurrent: 0 } }, logger });
  const key = 'k'.repeat(100_000);
  pool.map(async () => {}, [1], { groupName: 'pages', limits: { host: () => key } });
  await turn();
  expect(pool.explain('pages').sentence.length).toBeLessThan(400);
  expect(pool.explain('pages').reason).toMatchObject({ why: 'limit', key });
  pool.cancelAll();
  await pool.gatherAndClose();

  const functions = { work: async () => {} };
  const stored = taskPool({ functions });
  const refused = await stored.submit(functions.work, [{ [key]: 1n }] as never).catch(String);
  expect(refused).toContain('survive JSON unchanged');
  expect(String(refused).length).toBeLessThan(400);
  await stored.gatherAndClose();
});

test.each([
  [0, 'the size of the pool is 0'],
  [1, 'the only slot of the pool is taken'],
  [3, 'all 3 slots of the pool are taken'],
])('a task while %d slots are not enough', async (poolSize, why) => {
  const pool = taskPool({ poolSize });
  pool.apply(untilAborted, [], { num: poolSize });
  await turn();
  pool.apply(untilAborted, [], { groupName: 'last' });
  expect(pool.explain('last').sentence).toBe(`task ${poolSize} of 'last' waits: ${why}`);
  pool.cancelAll();
});
