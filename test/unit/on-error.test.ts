import { describe, expect, test } from 'vitest';
import { replay } from 'xstate-taskpool';
import { recording } from '../support/observing.ts';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

const failAt = (bad: number) => async (n: number) => {
  if (n === bad) throw new Error(`no ${n}`);
  return n;
};

describe('at the first failure of a group', () => {
  test("with 'stop' no other item is taken, and what was taken runs", async () => {
    const pool = taskPool();
    const taken: number[] = [];
    function* items() {
      for (let n = 0; n < 10; n++) {
        taken.push(n);
        yield n;
      }
    }
    const group = pool.map(failAt(1), items(), { onError: 'stop' });
    await pool.untilIdle();
    expect(taken).toEqual([0, 1]);
    expect((await group.settled()).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(group.progress).toEqual({ created: 2, ended: 2 });
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test("with 'cancel' the others are cancelled with the error", async () => {
    const pool = taskPool();
    const gate = new Gate();
    const reasons: unknown[] = [];
    const group = pool.map(
      async (n: number, { signal }) => {
        if (n === 0) return gate.promise;
        return untilAborted({ signal }).catch((reason) => {
          reasons.push(reason);
          throw reason;
        });
      },
      [0, 1, 2, 3, 4],
      { numConcurrent: 3, onError: 'cancel' },
    );
    await turn();
    gate.reject(new Error('first'));
    await expect(group.results()).rejects.toThrow('first');
    await pool.untilIdle();
    expect(reasons).toEqual([new Error('first'), new Error('first')]);
    expect((await group.settled()).map(({ status }) => status)).toEqual([
      'rejected',
      'cancelled',
      'cancelled',
    ]);
  });

  test('nothing starts between the failure and the stop', async () => {
    for (const onError of ['stop', 'cancel'] as const) {
      const pool = taskPool();
      const events = recording(pool);
      pool.map(failAt(0), [0, 1, 2], { onError });
      pool.map(async () => 1, [1, 2, 3]);
      await pool.untilIdle();
      const failed = events.findIndex((event) => event.type === 'task.ended');
      expect(events[failed + 1]?.type).toBe(
        onError === 'stop' ? 'group.exhausted' : 'group.cancelled',
      );
    }
  });

  test("with 'continue', which is the default, all is run", async () => {
    const pool = taskPool();
    pool.map(failAt(0), [0, 1, 2]);
    pool.map(failAt(0), [0, 1, 2], { onError: 'continue' });
    await pool.untilIdle();
    expect(pool.totals).toMatchObject({ fulfilled: 4, rejected: 2 });
  });

  test('a source that throws cancels what runs', async () => {
    const pool = taskPool();
    function* items() {
      yield 1;
      throw new Error('no more');
    }
    const group = pool.map(untilAborted, items(), { numConcurrent: 2, onError: 'cancel' });
    await expect(group.results()).rejects.toThrow('no more');
    await pool.untilIdle();
    expect(pool.totals).toMatchObject({ started: 1, cancelled: 1 });
  });

  test('a cancellation is no failure', async () => {
    const pool = taskPool();
    const group = pool.map(untilAborted, [1, 2], { numConcurrent: 2, onError: 'cancel' });
    await turn();
    pool.cancel(0);
    await turn();
    expect(group.numRunning).toBe(1);
    group.cancel();
  });

  test('group.created says what is to be done, and replay knows it', async () => {
    const pool = taskPool();
    const [created] = recording(pool);
    expect(created).toBeUndefined();
    pool.map(failAt(9), [1], { onError: 'stop', groupName: 'g' });
    const event = [...pool.journal].find(({ type }) => type === 'group.created');
    expect(event).toMatchObject({ onError: 'stop' });
    expect(replay(pool.journal).groups[0]?.name).toBe('g');
  });

  test('anything else is refused', () => {
    const pool = taskPool();
    expect(() => pool.map(failAt(1), [1], { onError: 'ignore' as never })).toThrow(
      "expected onError to be 'continue', 'stop' or 'cancel', got 'ignore'",
    );
    expect(() => pool.map(failAt(1), [1], { failFast: true } as never)).toThrow(/onError/);
  });
});
