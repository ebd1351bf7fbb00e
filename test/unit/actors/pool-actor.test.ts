import { describe, expect, test } from 'vitest';
import { createActor, toPromise, waitFor } from 'xstate';
import { poolMachine } from 'xstate-taskpool/machines';
import { simplePool, taskPool, turn, untilAborted } from '../../support/pools.ts';

describe('the actor of a pool', () => {
  test('follows the pool from state to state', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine', poolSize: 3 });
    const seen: unknown[] = [];
    pool.actor.subscribe({
      next: ({ value, context }) => void seen.push([value, context.poolSize]),
      complete: () => void seen.push('complete'),
    });
    expect(pool.actor.getSnapshot()).toMatchObject({
      value: 'open',
      context: { name: 'mine', kind: 'SimpleTaskPool', poolSize: 3 },
    });
    pool.lock();
    pool.poolSize = Infinity;
    pool.unlock();
    await pool.gatherAndClose();
    expect(seen).toEqual([
      ['locked', 3],
      ['locked', null],
      ['open', null],
      ['closing', null],
      ['closed', null],
      'complete',
    ]);
  });

  test('looked at late is as it would be', async () => {
    const pool = taskPool({ poolSize: 3 });
    pool.lock();
    pool.poolSize = 5;
    const snapshot = pool.actor.getSnapshot();
    expect(snapshot).toMatchObject({ value: 'locked', context: { poolSize: 5 }, status: 'active' });
    expect(snapshot.can({ type: 'pool.unlocked' })).toBe(true);
    expect(snapshot.hasTag('accepting')).toBe(false);
    await pool.gatherAndClose();
    expect(pool.actor.getSnapshot()).toMatchObject({ value: 'closed', status: 'done' });
  });

  test('of a closed pool looked at for the first time is done', async () => {
    const pool = taskPool();
    await pool.gatherAndClose();
    expect(pool.actor.getSnapshot()).toMatchObject({ value: 'closed', status: 'done' });
    await expect(toPromise(pool.actor)).resolves.toBeUndefined();
  });

  test('waitFor waits for the end, and persists for the machine', async () => {
    const pool = taskPool({ name: 'mine' });
    pool.lock();
    const snapshot = JSON.parse(JSON.stringify(pool.actor.getPersistedSnapshot()));
    const input = { name: 'other', kind: 'TaskPool', poolSize: 1, paused: false } as const;
    expect(createActor(poolMachine, { input, snapshot }).getSnapshot()).toMatchObject({
      value: 'locked',
      context: { name: 'mine', poolSize: null },
    });
    const closed = waitFor(pool.actor, (state) => state.matches('closed'));
    void pool.gatherAndClose();
    expect((await closed).status).toBe('done');
  });
});

test('its context has the counts of the pool, as they are when they are read', async () => {
  const pool = taskPool({ poolSize: 1 });
  const { actor } = pool;
  const counts = () => ({ ...actor.getSnapshot().context.counts });
  pool.map(async (n: number) => n, [1, 2]);
  await turn();
  pool.poolSize = 3;
  await pool.gatherAndClose();
  expect(counts()).toEqual({
    queued: 0,
    running: 0,
    delayed: 0,
    fulfilled: 2,
    rejected: 0,
    cancelled: 0,
  });
  expect(JSON.parse(JSON.stringify(actor.getSnapshot())).context.counts).toEqual(counts());
});
