import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import { GaveUpWaiting } from 'xstate-taskpool';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

describe('gatherAndClose({ signal, grace })', () => {
  test('gives up on what ignores its signal, and says what that is', async () => {
    const clock = new SimulatedClock();
    const pool = taskPool({ clock });
    const controller = new AbortController();
    const gate = new Gate();
    pool.apply(untilAborted);
    pool.apply(() => gate.promise, [], { groupName: 'deaf' });
    await turn();
    const closing = pool.gatherAndClose({ signal: controller.signal, grace: 1_000 });
    let isOver = false;
    closing
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    clock.increment(5_000);
    await turn();
    controller.abort(new Error('deploy'));
    clock.increment(999);
    await turn();
    expect(isOver).toBe(false);
    clock.increment(1);
    const error = (await closing.catch((thrown: unknown) => thrown)) as GaveUpWaiting;
    expect(error).toBeInstanceOf(GaveUpWaiting);
    expect(error.cause).toEqual(new Error('deploy'));
    expect(error.tasks).toMatchObject([{ id: 1, groupName: 'deaf', state: 'cancelling' }]);
    expect(error.message).toContain("task 1 of 'deaf', cancelling for 6000 ms");
    expect(pool.status).toBe('closing');
    gate.resolve();
    await pool.untilClosed();
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('closes as ever where all give in, and leaves no timer', async () => {
    const clock = new SimulatedClock();
    const pool = taskPool({ clock });
    const controller = new AbortController();
    pool.apply(untilAborted);
    await turn();
    const closing = pool.gatherAndClose({ signal: controller.signal, grace: 1_000 });
    controller.abort('over');
    expect(await closing).toEqual([]);
    expect(pool.status).toBe('closed');
    clock.increment(2_000);
  });

  test('listens to the signal no longer than the pool takes to close', async () => {
    const { signal } = new AbortController();
    const pool = taskPool();
    pool.apply(async () => 1);
    const closing = pool.gatherAndClose({ signal, grace: 1_000 });
    expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
    await closing;
    expect(await pool.gatherAndClose({ signal, grace: 1_000 })).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('takes no grace without a signal, and none that is no time', () => {
    const { signal } = new AbortController();
    const pool = taskPool();
    expect(() => pool.gatherAndClose({ grace: 5 })).toThrow(/a signal with grace/);
    expect(() => pool.gatherAndClose({ signal, grace: -1 })).toThrow(RangeError);
    expect(() => pool.gatherAndClose({ signal, grace: '1s' as never })).toThrow(TypeError);
    expect(pool.status).toBe('open');
  });
});
