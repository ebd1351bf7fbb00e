/** How handles print, and what JSON makes of them. */

import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Queue, TaskPool } from 'xstate-taskpool';
import { TCPControlServer } from 'xstate-taskpool/control';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { InspectorServer } from 'xstate-taskpool/inspector';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { threads } from 'xstate-taskpool/threads';
import { temporaryFolder } from '../support/folders.ts';
import { Gate, simplePool, taskPool, turn } from '../support/pools.ts';

test('a pool prints as one line, without internals', async () => {
  const pool = taskPool({ name: 'harbour', poolSize: 2 });
  const held = new Gate();
  pool.map(() => held.promise, [1, 2, 3, 4], { groupName: 'ferries' });
  await turn();
  expect(inspect(pool)).toBe('TaskPool harbour: open, 2 of 2 running, 2 pending');
  held.resolve();
  await pool.untilIdle();
  pool.pause();
  expect(inspect({ pool })).toBe(
    '{ pool: TaskPool harbour: open, paused, 0 of 2 running, 4 fulfilled }',
  );
  expect(Object.keys(pool)).toEqual(['limits']);
});

test('a simple pool and one without a size', () => {
  expect(inspect(simplePool(async () => {}, [], { name: 'w' }))).toBe(
    'SimpleTaskPool w: open, 0 running',
  );
});

test('a group says how far it is', async () => {
  const pool = taskPool({ poolSize: 1 });
  const held = new Gate();
  const group = pool.map(() => held.promise, [1, 2, 3], { groupName: 'ferries' });
  await turn();
  expect(inspect(group)).toBe('TaskGroup ferries: 0 of 3 ended, 1 running');
  group.pause();
  held.resolve();
  await turn();
  expect(inspect(group)).toBe('TaskGroup ferries: 1 of 3 ended, paused');
});

test('an iterator says of which group it is, and how many results were taken', async () => {
  const group = taskPool().map((n: number) => n, [1, 2, 3], { groupName: 'ferries' });
  const values = group.ordered();
  expect(inspect(values)).toBe('GroupIterator ferries: 0 taken');
  await values.next();
  expect(inspect(values)).toBe('GroupIterator ferries: 1 taken');
  expect(inspect(group[Symbol.asyncIterator]())).toBe('GroupIterator ferries: 0 taken');
  await values.return();
});

test('a task says how it is', async () => {
  const pool = taskPool();
  const held = new Gate();
  const group = pool.apply(() => held.promise, [], { groupName: 'g' });
  await turn();
  expect(inspect(pool.task(0))).toBe('Task 0 of g: running');
  held.resolve();
  await group.results();
  expect(inspect(pool.task(0))).toBe('Task 0 of g: fulfilled');
  const failing = pool.apply(() => Promise.reject(new RangeError('too far\n\u001b[2J')));
  await failing.settled();
  expect(inspect(pool.task(1))).toBe(
    `Task 1 of ${failing.name}: rejected (RangeError: too far\\u000a\\u001b[2J)`,
  );
});

test('a queue and a limit say their numbers', () => {
  const queue = new Queue<number>({ maxsize: 3 });
  queue.putNowait(1);
  expect(inspect(queue)).toBe('Queue: 1 of 3 waiting, 1 unfinished');
  expect(JSON.stringify(queue)).toBe('{"size":1,"maxsize":3,"unfinished":1}');
  const pool = new TaskPool({ limits: { host: { concurrent: 2, rate: { max: 10, per: 1000 } } } });
  expect(inspect(pool.limits.host)).toBe('PoolLimit host: 2 at once, 10 starts in 1000 ms');
  expect(JSON.parse(JSON.stringify(pool.limits.host))).toMatchObject({
    name: 'host',
    concurrent: 2,
  });
});

test('JSON has what a snapshot says', async () => {
  const pool = taskPool({ name: 'p' });
  const group = pool.map(async (n: number) => n, [1, 2], { groupName: 'g' });
  await pool.untilIdle();
  const snapshot = pool.snapshot();
  expect(JSON.parse(JSON.stringify({ pool, group, task: pool.task(1) }))).toEqual({
    pool: JSON.parse(JSON.stringify(snapshot)),
    group: snapshot.groups[0],
    task: snapshot.tasks[1],
  });
});

test('a name prints on one line of bounded length', () => {
  const printed = inspect(taskPool({ name: `a\n\u202e${'b'.repeat(1e6)}` }));
  expect(printed).toMatch(/^TaskPool a\\u000a\\u202eb+…: open/);
  expect(printed.length).toBeLessThan(300);
});

test('a journal in memory says which events it holds', async () => {
  const pool = taskPool({ name: 'harbour' });
  expect(inspect(pool.journal)).toBe('EventHistory of harbour: events 0 to 0');
  expect(JSON.stringify(pool.journal)).toBe('{"pool":"harbour","firstSeq":0,"nextSeq":1}');
});

test.each([
  ['SqliteStore', 'run.db', SqliteStore],
  ['JsonlStore', 'run.jsonl', JsonlStore],
] as const)('%s says where it is and which events it holds', async (name, file, { open }) => {
  const path = join(await temporaryFolder(), file);
  const store = await open(path);
  expect(inspect(store)).toBe(`${name} ${path}: no events`);
  const pool = taskPool({ journal: store });
  await pool.untilDurable();
  await pool.gatherAndClose();
  await store.close();
  const reader = await open(path, { readonly: true });
  expect(inspect(reader)).toBe(`${name} ${path}: events 0 to 2, read-only`);
  const json = { journal: path, firstSeq: 0, nextSeq: 3, readonly: true };
  expect(JSON.parse(JSON.stringify(reader))).toEqual(json);
  await reader.close();
});

test('an inspector says who is connected', () => {
  const inspector = new InspectorServer({ port: 0 });
  expect(inspect(inspector)).toBe('inspector, 0 programs and 0 pages connected');
  const json = { numPrograms: 0, numPages: 0, numMessages: 0, numDropped: 0 };
  expect(JSON.parse(JSON.stringify(inspector))).toEqual(json);
});

test('servers print without their tokens', () => {
  const pool = taskPool({ name: 'harbour' });
  const dashboard = new DashboardServer(pool, { token: 'secret' });
  const control = new TCPControlServer(pool, { port: 0, token: 'secret' });
  expect(inspect(dashboard)).toBe('dashboard of TaskPool-harbour, 0 connected');
  expect(inspect(control)).toBe('control server of TaskPool-harbour, 0 connected');
  expect(JSON.stringify([dashboard, control])).not.toContain('secret');
});

test('functions that run elsewhere print without being called', async () => {
  const work = threads<{ f(): void }>(new URL('data:text/javascript,export const f = () => {}'));
  expect(inspect(work)).toMatch(/^threads of data:text\/javascript.*: 0$/);
  expect(JSON.stringify(work)).toBe('{"threads":0}');
  await work.close();
});
