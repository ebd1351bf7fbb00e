import { describe, expect, test } from 'vitest';
import { MemoryStore, type PoolEventOf, replay } from 'xstate-taskpool';
import { storeOver } from '../support/memory-like.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

/** A clock that is moved by hand; its wall time goes back once, its monotonic one never. */
class HandClock {
  wall = 1_000_000;
  elapsed = 0;
  now = (): number => this.wall;
  monotonic = (): number => this.elapsed;
  setTimeout = (): undefined => undefined;
  clearTimeout = (): void => {};
  pass(ms: number): void {
    this.elapsed += ms;
    this.wall += Math.floor(ms);
  }
}

/** The ends of the tasks from now on. */
function endsOf(pool: ReturnType<typeof taskPool>): PoolEventOf<'task.ended'>[] {
  const ends: PoolEventOf<'task.ended'>[] = [];
  pool.on('task.ended', (event) => void ends.push(event));
  return ends;
}

describe('the end of a task says', () => {
  test('how long it waited and ran, in fractions, though the wall clock is set back', async () => {
    const clock = new HandClock();
    const pool = taskPool({ poolSize: 1, clock });
    const ends = endsOf(pool);
    const gates = [new Gate(), new Gate()];
    pool.map((n: number) => gates[n]?.promise, [0, 1], { groupName: 'two' });
    await turn();
    clock.pass(2.5);
    clock.wall -= 60_000;
    gates[0]?.resolve();
    await turn();
    clock.pass(0.125);
    gates[1]?.resolve();
    await pool.untilIdle();
    expect(ends).toMatchObject([
      { id: 0, group: 'two', outcome: 'fulfilled', attempt: 1, waited: 0, ran: 2.5 },
      { id: 1, group: 'two', outcome: 'fulfilled', attempt: 1, waited: 2.5, ran: 0.125 },
    ]);
  });

  test('the same where it failed or was cancelled, and nobody gets its slot', async () => {
    const clock = new HandClock();
    const pool = taskPool({ poolSize: 2, clock });
    const ends = endsOf(pool);
    const gate = new Gate();
    const work = async (n: number, { signal }: { signal: AbortSignal }) => {
      await gate.promise;
      signal.throwIfAborted();
      if (n === 0) throw new Error('no');
    };
    const group = pool.map(work, [0, 1, 2], { numConcurrent: 3 });
    await turn();
    clock.pass(2.5);
    pool.cancel(1);
    gate.resolve();
    await group.settled();
    expect(ends.sort((a, b) => a.id - b.id)).toMatchObject([
      { outcome: 'rejected', waited: 0, ran: 2.5 },
      { outcome: 'cancelled', waited: 0, ran: 2.5 },
      { outcome: 'fulfilled', waited: 2.5, ran: 0 },
    ]);
  });

  test('what the wall clock knows of the time before anybody wanted to know', async () => {
    const clock = new HandClock();
    const pool = taskPool({ clock });
    const gate = new Gate();
    pool.apply(() => gate.promise);
    clock.pass(3);
    await turn();
    clock.pass(4);
    const ends = endsOf(pool);
    clock.pass(0.5);
    gate.resolve();
    await pool.untilIdle();
    expect(ends).toMatchObject([{ waited: 3, ran: 4 }]);
  });

  test('what a function took before its first await', async () => {
    const clock = new HandClock();
    const pool = taskPool({ poolSize: 1, clock });
    const ends = endsOf(pool);
    await pool.map(() => clock.pass(5), [0, 1, 2], { numConcurrent: 1 }).results();
    expect(ends).toMatchObject(Array(3).fill({ waited: 0, ran: 5 }));
  });

  test('nothing of the time that a subscriber, or the source of the next item, took in between', async () => {
    const clock = new HandClock();
    const pool = taskPool({ clock });
    const ends = endsOf(pool);
    pool.on('task.ended', () => clock.pass(5));
    function* items(): Generator<number> {
      for (let item = 0; item < 3; item++) {
        clock.pass(7);
        yield item;
      }
    }
    await pool.map((n) => n, items(), { numConcurrent: 1 }).results();
    expect(ends).toMatchObject(Array(3).fill({ waited: 0, ran: 0 }));
  });

  test('the same in a journal, where the next task starts at once when one has ended', async () => {
    const clock = new HandClock();
    const { kept, store } = storeOver();
    const pool = taskPool({ clock, journal: store });
    function* items(): Generator<number> {
      for (let item = 0; item < 3; item++) {
        clock.pass(7);
        yield item;
      }
    }
    await pool.map(() => clock.pass(2), items(), { numConcurrent: 1 }).results();
    await pool.gatherAndClose();
    const ends = kept.events().filter(({ type }) => type === 'task.ended');
    expect(ends).toMatchObject(Array(3).fill({ waited: 0, ran: 2 }));
  });

  test('that one which never started has not run', async () => {
    const clock = new HandClock();
    const pool = taskPool({ poolSize: 0, clock });
    const ends = endsOf(pool);
    const group = pool.apply(() => 1);
    clock.pass(7);
    group.cancel();
    expect(ends).toMatchObject([{ outcome: 'cancelled', waited: 7, ran: 0 }]);
  });

  test('its group and its attempt, even where nobody asks for the times', async () => {
    const pool = taskPool();
    await pool.apply(() => 1, [], { groupName: 'g' }).results();
    const [started, ended] = pool.journal.events().slice(-2);
    expect(started).toMatchObject({ type: 'task.started', group: 'g' });
    expect(ended).toMatchObject({ type: 'task.ended', group: 'g', attempt: 1 });
    expect(ended).not.toHaveProperty('waited');
  });
});

test('handles and snapshots say when a task was queued, started and ended', async () => {
  const clock = new HandClock();
  const store = new MemoryStore();
  const pool = taskPool({ poolSize: 1, clock, journal: store });
  const gate = new Gate();
  const group = pool.apply(() => gate.promise, [], { num: 2 });
  await turn();
  const [first, second] = [pool.task(0), pool.task(1)];
  clock.pass(5);
  expect([first.queuedAt, first.startedAt, first.endedAt]).toEqual([1e6, 1e6, undefined]);
  expect([second.queuedAt, second.startedAt, second.endedAt]).toEqual([1e6, undefined, undefined]);
  gate.resolve();
  await group.results();
  expect([first.endedAt, second.startedAt, second.endedAt]).toEqual([1e6 + 5, 1e6 + 5, 1e6 + 5]);
  expect(pool.snapshot().tasks[0]).toMatchObject({
    queuedAt: 1e6,
    startedAt: 1e6,
    endedAt: 1e6 + 5,
  });
  expect(replay(store).tasks).toEqual(pool.snapshot().tasks);
  await pool.checkpoint();
  expect((await store.latestCheckpoint())?.state.tasks[0]).toMatchObject({ endedAt: 1e6 + 5 });
});
