/** Observers of actors that call the pool in the middle of what they are told. */

import { describe, expect, test } from 'vitest';
import type { AnyActorRef, InspectionEvent } from 'xstate';
import { replay, type TaskPool } from 'xstate-taskpool';
import { until } from '../../support/control/until.ts';
import { eventsOf, recording, rejectionOf } from '../../support/observing.ts';
import { taskPool, turn, untilAborted } from '../../support/pools.ts';

const dense = (from: number, length: number) => Array.from({ length }, (_, n) => from + n);

/** What happened is in the journal, in order, and subscribers were told in that order. */
function expectOrder(pool: TaskPool, told: { seq: number }[]): void {
  expect(told.map(({ seq }) => seq)).toEqual(dense(told[0]?.seq ?? 0, told.length));
  expect(told.at(-1)?.seq).toBe(pool.journal.nextSeq - 1);
  expect(replay(pool.journal)).toEqual(pool.snapshot());
}

describe('an observer of a task', () => {
  test('may lock the pool: subscribers are told in the order of seq', async () => {
    const pool = taskPool();
    pool.apply(untilAborted);
    await turn();
    pool.task(0).actor.subscribe(({ value }) => {
      if (JSON.stringify(value).includes('cancelling')) pool.lock();
    });
    const told = recording(pool);
    pool.cancel(0);
    expect(told.map(({ type }) => type)).toEqual(['task.cancelling', 'pool.locked']);
    await turn();
    expectOrder(pool, told);
  });

  test('may cancel it while it starts', async () => {
    const pool = taskPool({ poolSize: 0 });
    const group = pool.apply(untilAborted);
    const told = recording(pool);
    const seen: unknown[] = [];
    pool.task(0).actor.subscribe(({ value }) => {
      seen.push(value);
      if (JSON.stringify(value).includes('active')) pool.cancel([0], 'at once');
    });
    pool.poolSize = 1;
    expect(await rejectionOf(group.results())).toBe('at once');
    expect(seen).toEqual([{ running: 'active' }, { running: 'cancelling' }, 'cancelled', 'ended']);
    expectOrder(pool, told);
  });

  test('may send to the same actor: the events come one after the other', async () => {
    const pool = taskPool({ poolSize: 0 });
    pool.apply(untilAborted);
    const { actor } = pool.task(0);
    const told = recording(pool);
    const seen: unknown[] = [];
    actor.subscribe(({ value, context }) => {
      seen.push([value, context.progress]);
      if (seen.length < 4) actor.send({ type: 'task.progressed', id: 0, progress: seen.length });
    });
    pool.poolSize = 1;
    await turn();
    const active = { running: 'active' };
    expect(seen).toEqual([
      [active, undefined],
      [active, 1],
      [active, 2],
      [active, 3],
    ]);
    expect(pool.task(0).progress).toBe(3);
    pool.cancelAll();
    await turn();
    expectOrder(pool, told);
  });

  test('may cancel all others when it has ended', async () => {
    const pool = taskPool();
    const told = recording(pool);
    const slow = pool.apply(untilAborted, [], { num: 3 });
    const quick = pool.apply(() => 1);
    const id = [...quick.ids][0] as number;
    pool.task(id).actor.subscribe({ complete: () => slow.cancel('done') });
    expect(await quick.results()).toEqual([1]);
    expect(await rejectionOf(slow.results())).toBe('done');
    expectOrder(pool, told);
  });

  test('may add work and resize', async () => {
    const pool = taskPool({ poolSize: 1 });
    const told = recording(pool);
    pool.apply(untilAborted);
    pool.task(0).actor.subscribe(() => {
      pool.poolSize++;
      if (pool.totals.created < 4) pool.map((n: number) => n, [1]);
    });
    await turn();
    pool.cancel(0);
    await pool.untilIdle();
    expect(pool.totals.fulfilled).toBeGreaterThanOrEqual(3);
    expectOrder(pool, told);
  });
});

describe('an observer of the pool', () => {
  test('may undo what it is told', () => {
    const pool = taskPool();
    const told = recording(pool);
    const seen: unknown[] = [];
    pool.actor.subscribe(({ value }) => {
      seen.push(value);
      if (value === 'locked') pool.unlock();
    });
    pool.lock();
    expect(seen).toEqual(['locked', 'open']);
    expect(told.map(({ type }) => type)).toEqual(['pool.locked', 'pool.unlocked']);
    expectOrder(pool, told);
  });

  test('may cancel and close it when a group is added', async () => {
    const pool = taskPool();
    const told = recording(pool);
    pool.actor.subscribe(() => {
      if (!pool.isLocked) void pool.gatherAndClose({ signal: AbortSignal.abort('over') });
    });
    const group = pool.apply(untilAborted);
    expect(await rejectionOf(group.results())).toBe('over');
    await pool.untilClosed();
    expectOrder(pool, told);
  });

  test('may send an event that is refused while another is under way', () => {
    const pool = taskPool();
    let calls = 0;
    pool.actor.subscribe(() => {
      if (++calls < 5) pool.actor.send({ type: 'pool.locked' });
    });
    pool.actor.send({ type: 'pool.locked' });
    expect(calls).toBe(5);
    expect(eventsOf(pool)).toHaveLength(2);
    expect(pool.actor.getSnapshot().value).toBe('locked');
  });
});

describe('an inspector', () => {
  test('may call the pool at everything that it sees', async () => {
    let pool: TaskPool | undefined;
    let calls = 0;
    const inspect = ({ type }: InspectionEvent) => {
      if (pool === undefined || pool.isClosed || ++calls > 50) return;
      if (type === '@xstate.actor') pool.poolSize = calls + 1;
      else if (calls % 5 === 0) pool.lock();
      else if (!pool.snapshot().status.startsWith('clos')) pool.unlock();
    };
    pool = taskPool({ inspect });
    const told = recording(pool);
    pool.map((n: number) => n, [1, 2, 3], { numConcurrent: 2 });
    await pool.gatherAndClose();
    expect(pool.totals.fulfilled).toBe(3);
    expectOrder(pool, told);
  });

  test('that cancels each task as it appears leaves none to run', async () => {
    let pool: TaskPool | undefined;
    const called: number[] = [];
    const inspect = (event: InspectionEvent) => {
      const { id } = event.actorRef as AnyActorRef;
      if (event.type !== '@xstate.actor' || !id.startsWith('task-')) return;
      const task = Number(id.slice('task-'.length));
      pool?.cancel(task);
    };
    pool = taskPool({ inspect });
    const told = recording(pool);
    const group = pool.map(async (n: number) => called.push(n), [1, 2]);
    expect(await group.settled()).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled' }]);
    await pool.gatherAndClose();
    expect(called).toEqual([]);
    expectOrder(pool, told);
  });
});

test('an observer that throws is reported by xstate, and the pool goes on', async () => {
  const others = process.listeners('uncaughtException');
  const caught: unknown[] = [];
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => void caught.push(error));
  try {
    const bad = new Error('bad observer');
    const pool = taskPool();
    const group = pool.apply(() => 1);
    pool.task(0).actor.subscribe(() => {
      throw bad;
    });
    expect(await group.results()).toEqual([1]);
    await pool.gatherAndClose();
    await until(() => caught.length >= 2);
    expect(caught).toEqual([bad, bad]);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
});
