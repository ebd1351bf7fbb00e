import { expect, test, vi } from 'vitest';
import { PoolIsClosed } from 'xstate-taskpool';
import { rejectionOf, Stage, thrownBy, typesOf } from '../../support/observing.ts';
import { taskPool, turn, untilAborted } from '../../support/pools.ts';

test('stopping the actor of a pool cancels everything and closes the pool', async () => {
  const pool = taskPool({ poolSize: 1 });
  const running = pool.apply(untilAborted);
  const waiting = pool.map((n: number) => n, [1, 2]);
  const errors = [running, waiting].map((group) => rejectionOf(group.results()));
  await turn();
  pool.actor.stop();
  expect(pool.actor.getSnapshot().status).toBe('stopped');
  expect(pool.isLocked).toBe(true);
  await pool.untilClosed();
  for (const error of errors) expect(await error).toMatchObject({ name: 'AbortError' });
  expect(pool.totals).toMatchObject({ started: 1, cancelled: 2 });
  expect(thrownBy(() => pool.apply(() => 1))).toBeInstanceOf(PoolIsClosed);
  expect(typesOf(pool).at(-1)).toBe('pool.closed');
});

test('stopping it waits for functions that take no notice', async () => {
  const stage = new Stage();
  const pool = taskPool();
  pool.map(stage.work, [1]);
  await turn();
  pool.actor.stop();
  await turn();
  expect(pool.isClosed).toBe(false);
  await stage.finish(1);
  await pool.untilClosed();
  expect(pool.totals.fulfilled).toBe(1);
});

test('stopping it twice, or when the pool is closed, does nothing more', async () => {
  const pool = taskPool();
  pool.actor.stop();
  pool.actor.stop();
  await pool.untilClosed();
  pool.actor.stop();
  expect(typesOf(pool)).toEqual(['pool.created', 'pool.closing', 'pool.closed']);

  const closed = taskPool();
  await closed.gatherAndClose();
  closed.actor.stop();
  expect(typesOf(closed)).toEqual(['pool.created', 'pool.closing', 'pool.closed']);
});

test('stopping it tells its observers that nothing more comes, and its tasks go on', async () => {
  const pool = taskPool();
  pool.apply(untilAborted);
  const seen: unknown[] = [];
  pool.actor.subscribe({
    next: ({ value, status }) => void seen.push([value, status]),
    complete: () => void seen.push('complete'),
  });
  const task = pool.task(0);
  await turn();
  pool.actor.stop();
  await pool.untilClosed();
  expect(seen).toEqual(['complete']);
  expect(task).toMatchObject({ state: 'ended', outcome: 'cancelled' });
});

test('the actor of a task cannot be stopped directly, as no child can', async () => {
  const pool = taskPool();
  pool.apply(untilAborted);
  await turn();
  expect(() => pool.task(0).actor.stop()).toThrow('A non-root actor cannot be stopped directly.');
  expect(pool.task(0).state).toBe('running');
  pool.cancelAll();
});

test('an event to an actor that is done or stopped changes nothing', async () => {
  const pool = taskPool();
  await pool.apply(() => 1).results();
  const { actor } = pool.task(0);
  await pool.gatherAndClose();
  const before = pool.snapshot();
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  actor.send({ type: 'task.cancelling', id: 0 });
  pool.actor.send({ type: 'pool.locked' });
  expect(pool.snapshot()).toEqual(before);
});

test('a pool whose actor was stopped still makes actors for the tasks it remembers', async () => {
  const stage = new Stage();
  const pool = taskPool();
  pool.map(stage.work, [1]);
  await turn();
  pool.actor.stop();
  const { actor } = pool.task(0);
  await stage.finish(1);
  await pool.untilClosed();
  expect(actor.getSnapshot()).toMatchObject({ value: 'ended', context: { outcome: 'fulfilled' } });
});
