import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import { MemoryStore, NotRecoverable, type PoolEvent, PoolSuspended } from 'xstate-taskpool';
import { resume, storeWith } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

/** What a store holds when it is closed: a closed one can be read no more. */
function storeThatIsLeft(sync: boolean) {
  const { kept, store } = storeOver({ sync });
  let left: PoolEvent[] = [];
  let isClosed = false;
  const close = async () => {
    left = [...kept];
    isClosed = true;
  };
  return {
    journal: { ...store, close },
    get events() {
      return left;
    },
    get isClosed() {
      return isClosed;
    },
  };
}

const work = (n: number, context: { signal: AbortSignal }) => (n === 0 ? n : untilAborted(context));

describe.each([false, true])('a pool with a store that writes at once: %s', (sync) => {
  test('is suspended, and what had not ended is run by the next one', async () => {
    const called: string[] = [];
    const store = storeThatIsLeft(sync);
    const endCallback = (id: number) => called.push(`end of ${id}`);
    const pool = taskPool({ poolSize: 2, functions: { work }, journal: store.journal });
    const group = pool.map(work, [0, 1, 2, 3], { groupName: 'four', endCallback });
    const results = group.results();
    await turn();
    expect(pool.totals).toMatchObject({ started: 3, fulfilled: 1 });
    const suspended = pool.suspend({ reason: new Error('deploy') });
    expect(pool.suspend()).toBe(suspended);
    await expect(pool.submit(work, [1])).rejects.toThrow(PoolSuspended);
    expect(() => pool.map(work, [1])).toThrow(PoolSuspended);
    await suspended;
    expect(store.isClosed).toBe(true);
    const error = (await results.catch((thrown: unknown) => thrown)) as PoolSuspended;
    expect(error).toBeInstanceOf(PoolSuspended);
    expect(error).toMatchObject({ code: 'PoolSuspended', cause: new Error('deploy') });
    await pool.untilClosed();
    await expect(pool.gatherAndClose()).rejects.toThrow(PoolSuspended);
    expect(called).toEqual(['end of 0']);
    const types = store.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'task.ended')).toHaveLength(1);
    expect(types).not.toContain('task.cancelling');
    expect(types).not.toContain('pool.closing');

    const again: unknown[] = [];
    const next = await resume(await storeWith(store.events), {
      functions: { work: (n: number) => void again.push(n) },
    });
    await next.gatherAndClose();
    expect(again).toEqual([1, 2, 3]);
    expect(next.totals).toMatchObject({ fulfilled: 4 });
  });
});

test('whoever waits for the pool to be idle, or to have room, gets it as well', async () => {
  const { journal } = storeThatIsLeft(false);
  const pool = taskPool({ poolSize: 1, functions: { work }, journal });
  pool.map(work, [1, 2, 3]);
  const waits = Promise.allSettled([pool.untilIdle(), pool.untilSizeBelow(1)]);
  await turn();
  const suspended = pool.suspend();
  const late = Promise.allSettled([pool.untilIdle()]);
  await suspended;
  for (const wait of [...(await waits), ...(await late)]) {
    expect(wait).toMatchObject({ status: 'rejected', reason: { code: 'PoolSuspended' } });
  }
  await expect(pool.untilIdle()).rejects.toThrow(PoolSuspended);
  await pool.untilClosed();
});

test('submissions that wait or run are rejected with it', async () => {
  const store = storeThatIsLeft(false);
  const pool = taskPool({ poolSize: 1, functions: { work }, journal: store.journal });
  const submitted = [pool.submit(work, [1]), pool.submit(work, [2])];
  await turn();
  await pool.suspend();
  for (const promise of submitted) await expect(promise).rejects.toThrow(PoolSuspended);
});

test('what runs has its grace to finish, and that is written', async () => {
  const clock = new SimulatedClock();
  const store = storeThatIsLeft(false);
  const gate = new Gate();
  const functions = { quick: () => gate.promise, slow: untilAborted };
  const pool = taskPool({ clock, functions, journal: store.journal });
  const quick = pool.apply(functions.quick);
  pool.apply(functions.slow);
  await turn();
  const suspended = pool.suspend({ grace: 1_000 });
  gate.resolve();
  await quick.results();
  clock.increment(999);
  await turn();
  expect(store.isClosed).toBe(false);
  clock.increment(1);
  await suspended;
  expect(store.events.filter(({ type }) => type === 'task.ended')).toHaveLength(1);
});

test('a pool of which nothing could be recovered is refused, and stays open', () => {
  const functions = { work };
  for (const pool of [
    taskPool(),
    taskPool({ journal: storeOver().store }),
    taskPool({ functions, journal: new MemoryStore() }),
  ]) {
    expect(pool.isDurable).toBe(false);
    expect(() => pool.suspend()).toThrow(NotRecoverable);
    expect(pool.status).toBe('open');
  }
});

test('no grace that is no time, and no other option is taken', () => {
  const pool = taskPool({ functions: { work }, journal: storeOver().store });
  expect(pool.isDurable).toBe(true);
  expect(() => pool.suspend({ grace: -1 })).toThrow(RangeError);
  expect(() => pool.suspend({ timeout: 1 } as never)).toThrow(TypeError);
});

test('what fails in the grace is run again by the next one, as often as its policy says', async () => {
  const store = storeThatIsLeft(true);
  let reject!: (error: Error) => void;
  const fail = () =>
    new Promise<never>((_, no) => {
      reject = no;
    });
  const pool = taskPool({ functions: { work: fail }, journal: store.journal });
  pool.map(fail, ['a'], { retry: { limit: 1, delay: 60_000 } });
  await turn();
  const suspended = pool.suspend({ grace: 60_000 });
  reject(new Error('no'));
  await suspended;
  expect(store.events.at(-1)).toMatchObject({ type: 'task.failed', attempt: 1 });
});
