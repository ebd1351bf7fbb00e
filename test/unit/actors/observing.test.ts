/** The actors of tasks and pools, looked at in the ways that xstate documents. */

import { describe, expect, test } from 'vitest';
import { createActor, toPromise, waitFor } from 'xstate';
import { taskMachine } from 'xstate-taskpool/machines';
import { isPending, rejectionOf, Stage } from '../../support/observing.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

const stop = new Error('stop');

describe('the actor of a task', () => {
  test('is one and the same, and a child of the system of the pool', async () => {
    const pool = taskPool({ name: 'mine' });
    pool.apply(untilAborted);
    const { actor } = pool.task(0);
    expect(pool.task(0).actor).toBe(actor);
    expect(actor.id).toBe('task-0');
    expect(pool.actor.id).toBe('TaskPool-mine');
    expect(actor.system).toBe(pool.actor.system);
    expect(actor.sessionId).not.toBe(pool.actor.sessionId);
    expect(actor.logic.config).toBe(taskMachine.config);
    pool.cancelAll();
  });

  test('has a snapshot of the chart, whenever it is looked at', async () => {
    const stage = new Stage<string>();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, ['a', 'b', 'c'], { groupName: 'mine', numConcurrent: 2 });
    await turn();
    const facts = (id: number) => {
      const { value, context, status } = pool.task(id).actor.getSnapshot();
      return { value, context, status };
    };
    expect(facts(1)).toEqual({
      value: 'queued',
      context: { id: 1, group: 'mine', index: 1, attempt: 1 },
      status: 'active',
    });
    expect(facts(0)).toMatchObject({ value: { running: 'active' }, status: 'active' });
    await stage.fail('a', stop);
    expect(facts(0)).toMatchObject({
      value: 'ended',
      context: { outcome: 'rejected' },
      status: 'done',
    });
    expect(facts(1)).toMatchObject({ value: { running: 'active' } });
    pool.cancel([1], 'why');
    expect(facts(1)).toMatchObject({
      value: { running: 'cancelling' },
      context: { reason: 'why' },
    });
    await stage.finish('b', 'c');
    expect(facts(1)).toMatchObject({
      value: 'ended',
      context: { outcome: 'fulfilled', reason: 'why' },
    });
    expect(facts(2)).toMatchObject({ value: 'ended', context: { outcome: 'fulfilled' } });
  });

  test('matches, has tags, can and cannot', async () => {
    const pool = taskPool();
    pool.apply(untilAborted);
    const { actor } = pool.task(0);
    expect(actor.getSnapshot().matches('queued')).toBe(true);
    expect(actor.getSnapshot().hasTag('waiting')).toBe(true);
    await turn();
    const running = actor.getSnapshot();
    expect(running.matches('running')).toBe(true);
    expect(running.matches({ running: 'active' })).toBe(true);
    expect(running.hasTag('running')).toBe(true);
    expect(running.can({ type: 'task.cancelling', id: 0 })).toBe(true);
    expect(running.can({ type: 'task.started', id: 0 })).toBe(false);
    pool.cancel(0);
    expect(actor.getSnapshot().hasTag('unwinding')).toBe(true);
  });

  test('waitFor waits for a state', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 0 });
    pool.map(stage.work, [1]);
    await turn();
    const running = waitFor(pool.task(0).actor, (snapshot) => snapshot.matches('running'));
    expect(await isPending(running)).toBe(true);
    pool.poolSize = 1;
    expect((await running).value).toEqual({ running: 'active' });
    const ended = waitFor(pool.task(0).actor, ({ context }) => context.outcome !== undefined);
    await stage.finish(1);
    expect((await ended).context.outcome).toBe('fulfilled');
  });

  test('toPromise gives the output, before the end and after', async () => {
    const stage = new Stage();
    const pool = taskPool();
    pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    await turn();
    const outputs = [0, 1, 2].map((id) => toPromise(pool.task(id).actor));
    await stage.finish(1);
    await stage.fail(2, Object.assign(new TypeError('bad'), { code: 'E_BAD' }));
    pool.cancel([2], stop);
    await stage.fail(3, stop);
    const expected = [
      { id: 0, outcome: 'fulfilled' },
      { id: 1, outcome: 'rejected', error: { name: 'TypeError', message: 'bad', code: 'E_BAD' } },
      { id: 2, outcome: 'cancelled' },
    ];
    expect(await Promise.all(outputs)).toEqual(expected);
    const again = [0, 1, 2].map((id) => toPromise(pool.task(id).actor));
    expect(await Promise.all(again)).toEqual(expected);
  });

  test('subscribe tells of each step, and of the end', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 0 });
    pool.map(
      async (n: number, { report }) => {
        report('half');
        return stage.work(n);
      },
      [1],
    );
    await turn();
    const seen: unknown[] = [];
    pool.task(0).actor.subscribe({
      next: ({ value, context }) => void seen.push([value, context.progress]),
      complete: () => void seen.push('complete'),
      error: () => void seen.push('error'),
    });
    pool.poolSize = 1;
    await turn();
    await stage.finish(1);
    expect(seen).toEqual([
      [{ running: 'active' }, undefined],
      [{ running: 'active' }, 'half'],
      ['ended', 'half'],
      'complete',
    ]);
  });

  test('unsubscribing ends that', async () => {
    const pool = taskPool();
    pool.apply(untilAborted);
    const seen: unknown[] = [];
    const subscription = pool.task(0).actor.subscribe(({ value }) => void seen.push(value));
    await turn();
    subscription.unsubscribe();
    pool.cancel(0);
    await turn();
    expect(seen).toEqual([{ running: 'active' }]);
  });

  test('so it does for one who inspects the system, and for nobody else', async () => {
    const pool = taskPool();
    const seen = { one: 0, other: 0 };
    const one = pool.actor.system.inspect(() => void seen.one++);
    pool.actor.system.inspect(() => void seen.other++);
    await pool.apply(async () => 1).results();
    expect(seen.one).toBe(seen.other);
    one.unsubscribe();
    const before = { ...seen };
    await pool.apply(async () => 1).results();
    expect(seen.one).toBe(before.one);
    expect(seen.other).toBeGreaterThan(before.other);
  });

  test('select gives a part, and tells when it changes', async () => {
    const gate = new Gate();
    const pool = taskPool();
    pool.apply(async ({ report }) => {
      for (const progress of [1, 1, 2]) report(progress);
      await gate.promise;
    });
    const progress = pool.task(0).actor.select(({ context }) => context.progress);
    const seen: unknown[] = [];
    progress.subscribe((value) => void seen.push(value));
    expect(progress.get()).toBe(undefined);
    gate.resolve();
    await pool.untilIdle();
    expect(seen).toEqual([1, 2]);
    expect(progress.get()).toBe(2);
  });

  test('is done when its task has ended, and may be looked at when it was forgotten', async () => {
    const pool = taskPool();
    pool.apply(() => 1);
    const task = pool.task(0);
    await pool.gatherAndClose();
    expect(task.actor.getSnapshot()).toMatchObject({
      status: 'done',
      output: { id: 0, outcome: 'fulfilled' },
    });
    expect(await toPromise(task.actor)).toEqual({ id: 0, outcome: 'fulfilled' });
  });

  test('is never an error: a failed task is done as well', async () => {
    const pool = taskPool();
    const group = pool.apply(() => Promise.reject(stop));
    const done = toPromise(pool.task(0).actor);
    expect(await rejectionOf(group.results())).toBe(stop);
    expect(await done).toMatchObject({ outcome: 'rejected' });
    expect(pool.task(0).actor.getSnapshot().status).toBe('done');
  });

  test('persists to what the machine restores', async () => {
    const pool = taskPool();
    pool.apply(
      async (context) => {
        context.report({ half: true });
        await untilAborted(context);
      },
      [],
      { groupName: 'mine' },
    );
    await turn();
    const { actor } = pool.task(0);
    const snapshot = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()));
    const input = { id: 9, group: 'other', index: 9, attempt: 9 };
    for (const logic of [taskMachine, actor.logic]) {
      const restored = createActor(logic as typeof taskMachine, { input, snapshot });
      expect(restored.getSnapshot()).toMatchObject({
        value: { running: 'active' },
        context: { id: 0, group: 'mine', index: 0, attempt: 1, progress: { half: true } },
        status: 'active',
      });
    }
    pool.cancelAll();
  });
});
