/** Events that are sent to the actors from outside: requests, which the pool may make true. */

import { describe, expect, test } from 'vitest';
import { createActor, sendTo, setup } from 'xstate';
import type { PoolActor, PoolEvent, TaskActor } from 'xstate-taskpool';
import { eventsOf, recording, rejectionOf, typesOf } from '../../support/observing.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

type TaskEvent = Parameters<TaskActor['send']>[0];
type PoolChartEvent = Parameters<PoolActor['send']>[0];

/** A pool with a task that runs, one that waits, and one that has ended. */
async function busy() {
  const pool = taskPool({ poolSize: 1 });
  pool.apply(() => 1);
  await turn();
  const running = pool.apply(untilAborted);
  await turn();
  const waiting = pool.apply(() => 2);
  return { pool, running, waiting, ended: 0, active: 1, queued: 2 };
}

describe('an event to a task is accepted', () => {
  test('task.cancelling, by one that runs: it is cancelled', async () => {
    const { pool, running, active } = await busy();
    pool.task(active).actor.send({ type: 'task.cancelling', id: active, reason: 'why' });
    expect(pool.task(active).state).toBe('cancelling');
    expect(pool.task(active).actor.getSnapshot()).toMatchObject({
      value: { running: 'cancelling' },
      context: { reason: 'why' },
    });
    expect(await rejectionOf(running.results())).toBe('why');
    expect(eventsOf(pool, 'task.cancelling')).toEqual([
      { type: 'task.cancelling', id: active, reason: 'why' },
    ]);
  });

  test('task.cancelled, by one that waits: it is taken out', async () => {
    const { pool, waiting, queued } = await busy();
    const { actor } = pool.task(queued);
    actor.send({ type: 'task.cancelled', id: queued });
    expect(pool.task(queued)).toMatchObject({ state: 'ended', outcome: 'cancelled' });
    expect(actor.getSnapshot()).toMatchObject({
      status: 'done',
      output: { id: queued, outcome: 'cancelled' },
    });
    expect(await waiting.settled()).toMatchObject([{ status: 'cancelled' }]);
    pool.cancelAll();
  });

  test('task.requeued, by one that is delayed: it is run again now', async () => {
    const pool = taskPool();
    let calls = 0;
    const failing = () => {
      if (calls++ === 0) throw new Error('once');
      return calls;
    };
    const group = pool.apply(failing, [], { retry: { limit: 1, delay: 1e9 } });
    await turn();
    expect(pool.task(0).state).toBe('delayed');
    pool.task(0).actor.send({ type: 'task.requeued', id: 0 });
    expect(pool.task(0).state).toBe('queued');
    expect(await group.results()).toEqual([2]);
  });

  test('task.progressed, by one that runs: it is recorded', async () => {
    const { pool, active } = await busy();
    const { actor } = pool.task(active);
    actor.send({ type: 'task.progressed', id: active, progress: { half: true } });
    expect(pool.task(active).progress).toEqual({ half: true });
    expect(actor.getSnapshot().context.progress).toEqual({ half: true });
    pool.cancelAll();
  });

  test('with the id of its own task, whatever the event says', async () => {
    const { pool, active, queued } = await busy();
    pool.task(active).actor.send({ type: 'task.cancelling', id: queued });
    expect(pool.task(active).state).toBe('cancelling');
    expect(pool.task(queued).state).toBe('queued');
    pool.cancelAll();
  });
});

describe('an event to a task is refused', () => {
  const events: TaskEvent[] = [
    { type: 'task.started', id: 0 },
    { type: 'task.progressed', id: 0, progress: 1 },
    { type: 'task.cancelling', id: 0 },
    { type: 'task.cancelled', id: 0 },
    { type: 'task.ended', id: 0, outcome: 'fulfilled' },
    { type: 'task.painted' } as unknown as TaskEvent,
  ];
  const accepted: Record<string, string[]> = {
    active: ['task.progressed', 'task.cancelling'],
    queued: ['task.cancelled'],
    ended: [],
  };
  test.each(['active', 'queued', 'ended'] as const)(
    'by one that is %s, unless the pool can make it true',
    async (which) => {
      for (const event of events.filter(({ type }) => !accepted[which]?.includes(type))) {
        const { pool, ...ids } = await busy();
        const { actor } = pool.task(ids[which]);
        const before = pool.snapshot();
        const snapshot = actor.getSnapshot();
        actor.send(event);
        expect(pool.snapshot()).toEqual(before);
        expect(actor.getSnapshot()).toBe(snapshot);
        pool.cancelAll();
        await pool.gatherAndClose();
      }
    },
  );

  test('by one that is being cancelled, but for its progress', async () => {
    const pool = taskPool();
    const gate = new Gate();
    pool.apply(() => gate.promise);
    await turn();
    pool.cancel([0], 'first');
    const { actor } = pool.task(0);
    for (const event of events) actor.send(event);
    actor.send({ type: 'task.cancelling', id: 0, reason: 'second' });
    expect(actor.getSnapshot()).toMatchObject({
      value: { running: 'cancelling' },
      context: { reason: 'first', progress: 1 },
    });
    expect(eventsOf(pool, 'task.cancelling', 'task.cancelled', 'task.ended')).toHaveLength(1);
    gate.resolve();
  });

  test('by one whose cancel callback runs', async () => {
    const callback = new Gate();
    const pool = taskPool({ poolSize: 0 });
    pool.apply(() => 1, [], { cancelCallback: () => callback.promise });
    pool.cancel(0);
    const { actor } = pool.task(0);
    const before = pool.snapshot();
    for (const event of events) actor.send(event);
    expect(pool.snapshot()).toEqual(before);
    expect(actor.getSnapshot().value).toBe('cancelled');
    callback.resolve();
    await pool.untilIdle();
    expect(actor.getSnapshot().value).toBe('ended');
  });
});

describe('an event to a pool', () => {
  test.each<[PoolChartEvent, object]>([
    [{ type: 'pool.locked' }, { isLocked: true, isClosed: false }],
    [{ type: 'pool.resized', poolSize: 7 }, { poolSize: 7 }],
    [{ type: 'pool.resized', poolSize: null }, { poolSize: Infinity }],
    [{ type: 'pool.closing' }, { isLocked: true }],
  ])('is made true: %o', (event, properties) => {
    const pool = taskPool({ poolSize: 2 });
    pool.actor.send(event);
    expect(pool).toMatchObject(properties);
    expect(eventsOf(pool).slice(1)).toEqual([event]);
    expect(pool.actor.getSnapshot().value).toBe(pool.snapshot().status);
    expect(pool.actor.getSnapshot().context.poolSize).toBe(pool.snapshot().poolSize);
  });

  test('that unlocks is made true when it is locked', () => {
    const pool = taskPool();
    pool.actor.send({ type: 'pool.unlocked' });
    pool.actor.send({ type: 'pool.locked' });
    pool.actor.send({ type: 'pool.locked' });
    pool.actor.send({ type: 'pool.unlocked' });
    expect(typesOf(pool)).toEqual(['pool.created', 'pool.locked', 'pool.unlocked']);
  });

  test('that closes it closes it, once', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1, 2]);
    pool.actor.send({ type: 'pool.closing' });
    pool.actor.send({ type: 'pool.closing' });
    expect(await group.results()).toEqual([1, 2]);
    await pool.untilClosed();
    expect(pool.actor.getSnapshot().status).toBe('done');
    expect(eventsOf(pool, 'pool.closing')).toHaveLength(1);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test.each<unknown>([
    { type: 'pool.closed' },
    { type: 'pool.flushed', forgotten: 0 },
    { type: 'pool.created', kind: 'TaskPool' },
    { type: 'pool.resized', poolSize: -1 },
    { type: 'pool.resized', poolSize: 1.5 },
    { type: 'pool.resized', poolSize: 'many' },
    { type: 'pool.resized', poolSize: 2 },
    { type: 'pool.resized' },
    { type: 'group.cancelled', group: 'mine' },
    { type: 'pool.painted' },
  ])('is refused: %o', (event) => {
    const pool = taskPool({ poolSize: 2 });
    const snapshot = pool.actor.getSnapshot();
    pool.actor.send(event as PoolChartEvent);
    expect(typesOf(pool)).toEqual(['pool.created']);
    expect(pool.poolSize).toBe(2);
    expect(pool.actor.getSnapshot()).toBe(snapshot);
  });
});

describe('subscribers', () => {
  test('find the actor where the event has brought it, wherever the event came from', async () => {
    const { pool, active } = await busy();
    const { actor } = pool.task(active);
    const seen: unknown[] = [];
    pool.on('task.progressed', () => void seen.push(actor.getSnapshot().context.progress));
    pool.on('pool.resized', ({ poolSize }) => {
      seen.push(pool.actor.getSnapshot().context.poolSize === poolSize);
    });
    actor.send({ type: 'task.progressed', id: active, progress: 1 });
    pool.actor.send({ type: 'pool.resized', poolSize: 3 });
    pool.poolSize = 4;
    expect(seen).toEqual([1, true, true]);
    pool.cancelAll();
  });

  test('are told in the order of seq, and as the journal has it', async () => {
    const { pool, active, queued } = await busy();
    const events: PoolEvent[] = recording(pool);
    const from = pool.journal.nextSeq;
    pool.task(queued).actor.send({ type: 'task.cancelled', id: queued });
    pool.task(active).actor.send({ type: 'task.cancelling', id: active });
    pool.actor.send({ type: 'pool.closing' });
    await pool.untilClosed();
    expect(events).toEqual(pool.journal.events({ fromSeq: from }));
  });
});

test('another machine can send to a task with sendTo', async () => {
  const pool = taskPool();
  const group = pool.apply(untilAborted);
  await turn();
  const { actor } = pool.task(0);
  const killer = setup({ types: { events: {} as { type: 'kill' } } }).createMachine({
    on: {
      kill: { actions: sendTo(actor, { type: 'task.cancelling', id: 0, reason: 'killed' }) },
    },
  });
  createActor(killer).start().send({ type: 'kill' });
  expect(await rejectionOf(group.results())).toBe('killed');
});
