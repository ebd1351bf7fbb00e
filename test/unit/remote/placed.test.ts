/** Functions that run elsewhere: what a pool does otherwise for them. */

import { describe, expect, test } from 'vitest';
import { REMOTE, replay, type TaskContext, TaskTimedOut } from 'xstate-taskpool';
import { taskPool, turn } from '../../support/pools.ts';
import { type Elsewhere, elsewhere, type Forwarded } from '../../support/remote.ts';
import { timed } from '../../support/timed.ts';

const last = ({ calls }: Elsewhere): Forwarded => calls.at(-1) as Forwarded;
const contextOf = (far: Elsewhere): TaskContext => last(far).context as TaskContext;

describe('placed()', () => {
  test('is recorded, and shown by handle, snapshot and replay', async () => {
    const far = elsewhere();
    const pool = taskPool();
    const group = pool.map(far.fn, ['x']);
    await turn();
    expect(pool.task(0).placedBy).toBeUndefined();
    contextOf(far).placed('thread-3');
    expect(pool.task(0)).toMatchObject({ state: 'running', placedBy: 'thread-3' });
    const [task] = pool.snapshot().tasks;
    expect(task).toMatchObject({ placedBy: 'thread-3', placedAt: expect.any(Number) });
    expect(pool.journal.events().at(-1)).toMatchObject({ type: 'task.placed', by: 'thread-3' });
    expect(pool.task(0).actor.getSnapshot().context).toMatchObject({ placedBy: 'thread-3' });
    last(far).resolve(1);
    await group.results();
    expect(pool.task(0).placedBy).toBe('thread-3');
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('may be called by any function, and is ignored once its attempt is over', async () => {
    const pool = taskPool();
    const contexts: TaskContext[] = [];
    const work = async (context: TaskContext) => {
      contexts.push(context);
      context.placed(`host-${context.attempt}`);
      if (context.attempt === 1) throw new Error('first');
    };
    await pool.apply(work, [], { retry: { limit: 1, delay: 0 } }).results();
    contexts[0]?.placed('late');
    contexts[1]?.placed('late');
    expect(pool.task(0).placedBy).toBe('host-2');
    const placed = pool.journal.events().filter(({ type }) => type === 'task.placed');
    expect(placed).toMatchObject([
      { id: 0, by: 'host-1' },
      { id: 0, by: 'host-2' },
    ]);
  });

  test('refuses what is no name', async () => {
    const far = elsewhere();
    const pool = taskPool();
    void pool.map(far.fn, ['x']);
    await turn();
    const { placed } = contextOf(far);
    expect(() => placed('')).toThrow(new TypeError("expected placed() to get a name, got ''"));
    expect(() => placed(3 as never)).toThrow(TypeError);
    last(far).resolve(1);
    await pool.gatherAndClose();
  });

  test('of the attempt before is forgotten by the next one', async () => {
    const far = elsewhere();
    const { pool, pass } = timed();
    const group = pool.map(far.fn, ['x'], { retry: { limit: 1, delay: 10 } });
    await pass(0);
    const { actor } = pool.task(0);
    contextOf(far).placed('a');
    last(far).reject(new Error('gone'));
    await pass(0);
    // Where it has failed is worth knowing while it waits.
    expect(pool.task(0)).toMatchObject({ state: 'delayed', placedBy: 'a' });
    await pass(10);
    expect(pool.task(0)).toMatchObject({ state: 'running', placedBy: undefined });
    expect(actor.getSnapshot().context.placedBy).toBeUndefined();
    contextOf(far).placed('b');
    last(far).resolve(1);
    await group.results();
    expect(pool.task(0)).toMatchObject({ placedBy: 'b', attempt: 2 });
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });
});

describe('a function that runs elsewhere', () => {
  test('gets its context last, with what a call is known by, whatever passContext says', async () => {
    const far = elsewhere();
    const pool = taskPool({ name: 'mine' });
    pool.map(far.fn, ['x']);
    pool.starmap(far.fn, [['y']], { passContext: false });
    await turn();
    expect(far.calls.map(({ args, context }) => [args, context?.id, context?.isPassed])).toEqual([
      [['x'], 0, true],
      [['y'], 1, false],
    ]);
    const { pool: identity } = contextOf(far);
    expect(identity).toEqual({ name: 'mine', uid: expect.stringMatching(/^[\w-]{22}$/), epoch: 0 });
    expect(pool.journal.events()[0]).toMatchObject({ uid: identity.uid });
    for (const call of far.calls) call.resolve(0);
    await pool.gatherAndClose();
  });

  test('has none where no pool calls it', async () => {
    const far = elsewhere();
    const result = far.fn('x');
    expect(last(far)).toMatchObject({ args: ['x'], context: undefined });
    last(far).resolve(2);
    expect(await result).toBe(2);
  });

  test('is timed from when it is placed, and not from when it was started', async () => {
    const far = elsewhere();
    const { pool, pass } = timed();
    const group = pool.map(far.fn, ['x'], { timeout: 100 });
    await pass(1_000);
    expect(pool.task(0).state).toBe('running');
    contextOf(far).placed('a');
    await pass(99);
    expect(pool.task(0).state).toBe('running');
    await pass(1);
    expect(pool.task(0).state).toBe('timedOut');
    expect(contextOf(far).signal.aborted).toBe(true);
    last(far).reject(contextOf(far).signal.reason);
    await expect(group.results()).rejects.toThrow(TaskTimedOut);
  });

  test('is given up where it was not placed within its waitTimeout', async () => {
    const far = elsewhere();
    const { pool, pass } = timed();
    const group = pool.map(far.fn, ['x'], { waitTimeout: 100, timeout: 5 });
    await pass(100);
    expect(pool.task(0).state).toBe('timedOut');
    last(far).reject(contextOf(far).signal.reason);
    await expect(group.results()).rejects.toMatchObject({ which: 'waitTimeout' });
  });

  test('has run since it was placed, and not at all if it was not', async () => {
    const far = elsewhere();
    const { pool, pass } = timed();
    const ran: (number | undefined)[][] = [];
    pool.on('task.ended', (ended) => void ran.push([ended.waited, ended.ran]));
    const group = pool.map(far.fn, ['x', 'y'], { numConcurrent: 2 });
    await pass(70);
    far.calls[0]?.context?.placed('a');
    await pass(30);
    for (const call of far.calls) call.resolve(0);
    await group.results();
    expect(ran).toEqual([
      [0, 30],
      [0, 0],
    ]);
    const { total } = await pool.statistics();
    expect(total.ran).toMatchObject({ count: 2, max: 30 });
  });

  test('says what it waits for, in the explanation of its task', async () => {
    const far = elsewhere({
      waitsFor: ({ args }) => (args[0] === 'x' ? 'no worker has served far for 12 s' : undefined),
    });
    const pool = taskPool();
    pool.map(far.fn, ['x', 'y'], { numConcurrent: 2, groupName: 'g' });
    await turn();
    const reason = { why: 'remote', waitsFor: 'no worker has served far for 12 s' };
    expect(pool.explain(0)).toMatchObject({
      reason,
      sentence: "task 0 of 'g' waits: no worker has served far for 12 s",
    });
    expect(pool.explain(1).sentence).toBe(
      "task 1 of 'g' waits: its function has not started where it runs",
    );
    far.calls[0]?.context?.placed('a');
    expect(pool.explain(0)).toMatchObject({ reason: { why: 'state' } });
    for (const call of far.calls) call.resolve(0);
    await pool.gatherAndClose();
  });

  test('that cannot explain is explained all the same', async () => {
    const far = elsewhere({
      waitsFor() {
        throw new Error('no idea');
      },
    });
    const pool = taskPool();
    pool.map(far.fn, ['x']);
    await turn();
    expect(pool.explain(0).reason).toEqual({ why: 'remote' });
    last(far).resolve(0);
    await pool.gatherAndClose();
  });

  test('is known by a property that has the same name in every copy of the package', () => {
    expect(REMOTE).toBe(Symbol.for('xstate-taskpool.remote'));
  });
});

describe('untilStored()', () => {
  test('resolves at once without a store', async () => {
    const far = elsewhere();
    const pool = taskPool();
    pool.map(far.fn, ['x']);
    await turn();
    await contextOf(far).untilStored();
    last(far).resolve(0);
    await pool.gatherAndClose();
  });
});

describe('onAbort()', () => {
  test('calls back with the reason, at once if it is late, and not after the attempt', async () => {
    const far = elsewhere();
    const pool = taskPool({ poolSize: 1 });
    const group = pool.map(far.fn, ['x', 'y']);
    await turn();
    const seen: unknown[] = [];
    const first = contextOf(far);
    first.onAbort((reason) => seen.push(reason));
    Object.create(first).onAbort((reason: unknown) => seen.push(reason));
    pool.task(0).cancel('enough');
    first.onAbort((reason) => seen.push(reason));
    expect(seen).toEqual(['enough', 'enough', 'enough']);
    expect(first.signal.reason).toBe('enough');
    last(far).reject('enough');
    await turn();
    contextOf(far).onAbort((reason) => seen.push(reason));
    last(far).resolve(1);
    await group.settled();
    pool.cancelAll();
    expect(seen).toHaveLength(3);
  });

  test('that throws keeps no other from being called, and is reported as unhandled', async () => {
    const far = elsewhere();
    const pool = taskPool();
    const group = pool.map(far.fn, ['x']);
    await turn();
    const seen: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => void seen.push(error));
    try {
      const broken = new Error('broken');
      contextOf(far).onAbort(() => {
        throw broken;
      });
      contextOf(far).onAbort((reason) => seen.push(reason));
      group.cancel('enough');
      last(far).reject('enough');
      expect(await group.settled()).toMatchObject([{ status: 'cancelled' }]);
      await turn();
      expect(seen).toEqual(['enough', broken]);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of others) process.on('unhandledRejection', listener);
    }
  });
});
