/** What every function that runs elsewhere does: as far as a pool can tell, it runs here. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AnyFunction,
  MemoryStore,
  REMOTE,
  type TaskPool,
  TaskTimedOut,
} from 'xstate-taskpool';
import type * as Work from '../system/programs/far-work.ts';
import { Log, simplePool, taskPool } from './pools.ts';

type Functions = Pick<
  typeof Work,
  'echo' | 'join' | 'nothing' | 'count' | 'now' | 'secret' | 'exit'
> &
  Record<'fail' | 'failOwn' | 'failTwice' | 'failWithText', AnyFunction> &
  Record<'tell' | 'succeedAt' | 'untilAborted' | 'throwReason' | 'finishAnyway', AnyFunction>;

/** A kind of place where functions run. */
export interface RemoteKind {
  /** The functions of `far-work.ts`, as pools here call them. Called once for all tests, and once more. */
  readonly open: () => Promise<object> | object;
  /** How arguments and results get there: as they are, cloned, or as JSON. */
  readonly way: 'same' | 'clone' | 'json';
  /** Whether `process.exit()` there ends something less than the process of the tests. */
  readonly mayExit?: boolean;
}

/** What a place may offer besides its functions. */
interface MayClose {
  close?(): Promise<void>;
}

export function remoteFunctionContract(name: string, { open, way, mayExit }: RemoteKind): void {
  let work: Functions;
  /** What makes no difference for a function that runs here. */
  const far: (name: string, tests: () => void) => void = way === 'same' ? () => {} : describe;
  beforeAll(async () => {
    work = (await open()) as Functions;
  });
  afterAll(() => (work as MayClose).close?.());

  const failure = async (
    fn: AnyFunction,
    args: unknown[] = [],
  ): Promise<Error & { status?: number }> => {
    const group = taskPool().apply(fn, args as never);
    return group.results().then(
      () => expect.fail('it has not failed'),
      (error: Error) => error,
    );
  };

  describe(`${name}: arguments and results`, () => {
    test('come as they went, in the order of the input', async () => {
      const items = [1, 'two', null, true, { three: [3, { deep: '€' }] }, [], ''];
      const pool = taskPool({ poolSize: 3 });
      expect(await pool.map(work.echo, items).results()).toEqual(items);
      expect(
        await pool
          .starmap(work.join, [
            ['a', 'b'],
            ['c', 'd'],
          ])
          .results(),
      ).toEqual(['a b', 'c d']);
    });

    test('may be missing', async () => {
      expect(await taskPool().apply(work.nothing).results()).toEqual([undefined]);
    });

    test('need no pool', async () => {
      expect(await work.join('a', 'b')).toBe('a b');
      expect(await work.join('a')).toBe('a none');
      expect(await work.count(1, 2, 3)).toBe(3);
    });

    test('have the context as the last argument, unless it is not to be passed', async () => {
      const pool = taskPool();
      expect(await pool.map(work.count, ['x']).results()).toEqual([2]);
      expect(await pool.map(work.count, ['x'], { passContext: false }).results()).toEqual([1]);
    });
  });

  far(`${name}: what cannot travel`, () => {
    test('is refused with its path, and the calls after it work', async () => {
      expect(await failure(work.echo, [{ list: [1, () => 1] }])).toMatchObject({
        code: 'CannotTravel',
        path: 'arguments[0].list[1]',
      });
      expect(await failure(work.secret)).toMatchObject({
        code: 'CannotTravel',
        path: 'the result.deep[0]',
      });
      await expect(work.echo(Symbol('s'))).rejects.toMatchObject({ code: 'CannotTravel' });
      expect(await work.echo('next')).toBe('next');
    });

    test.each([new Date(0), new Map([[1, 2]]), 1n, Number.NaN])(
      '%o needs a clone',
      async (value) => {
        const group = taskPool().map(work.echo, [{ value }]);
        const [settled] = await group.settled();
        if (way === 'clone') expect(settled).toMatchObject({ value: { value } });
        else expect(settled).toMatchObject({ reason: { path: 'arguments[0].value' } });
      },
    );
  });

  describe(`${name}: errors`, () => {
    test('have class, message, stack, code, cause and fields of their own', async () => {
      const error = await failure(work.fail, [503]);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: 'bad', status: 503, code: 'E_BAD', list: [1] });
      expect(error.stack).toMatch(/^TypeError: bad\n.*\bfail\b.*far-work/s);
      expect(error.cause).toBeInstanceOf(RangeError);
      expect(error.cause).toMatchObject({ message: 'the cause', cause: 'its own cause' });
    });

    test('of classes that are not known here keep their names', async () => {
      const error = await failure(work.failOwn);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name: 'OutOfStock', message: 'none left' });
      expect(error.stack).toContain('far-work');
    });

    test('that are several come together', async () => {
      const error = await failure(work.failTwice);
      expect(error).toBeInstanceOf(AggregateError);
      expect(error).toMatchObject({
        message: 'both',
        errors: [
          { name: 'TypeError', message: 'one' },
          { name: 'OutOfStock', message: 'two' },
        ],
      });
    });

    test('may be no errors', async () => {
      expect(await failure(work.failWithText)).toBe('only a text');
    });

    test('are thrown without a pool as well', async () => {
      const thrown = Promise.resolve().then(() => work.fail(404));
      await expect(thrown).rejects.toMatchObject({ name: 'TypeError', status: 404 });
    });

    test('are retried as the group says, and attempts count', async () => {
      const pool = taskPool();
      const options = { retry: { limit: 2, delay: 0 } };
      expect(await pool.map(work.succeedAt, [3], options).results()).toEqual([3]);
      expect(pool.task(0).attempt).toBe(3);
    });
  });

  describe(`${name}: the context`, () => {
    test('has ids and names, reports, logs, and waits for the store', async () => {
      const logger = new Log();
      const pool = taskPool({ name: 'mine', logger, journal: new MemoryStore() });
      const created = pool.journal.events()[0];
      const told = await pool.map(work.tell, ['x', 'y'], { groupName: 'g' }).results();
      const names = { attempt: 1, groupName: 'g', functionName: 'tell', poolName: 'mine' };
      const { uid } = created as { uid?: string };
      expect(uid).toEqual(expect.any(String));
      expect(told).toEqual(
        [0, 1].map((id) => ({ id, index: id, ...names, pool: { name: 'mine', uid, epoch: 0 } })),
      );
      expect(pool.task(0).progress).toEqual({ half: 'x' });
      expect(logger.lines).toContainEqual(['mine task 0:', 'at', 'x']);
      expect(logger.lines).toContainEqual(['mine task 1:', 'at', 'y']);
    });
  });

  describe(`${name}: a cancel`, () => {
    test.each(['untilAborted', 'throwReason'] as const)('is obeyed by %s', async (fn) => {
      const pool = taskPool();
      const group = pool.map(work[fn], ['x']);
      await begun(pool);
      group.cancel();
      expect(await group.settled()).toMatchObject([{ status: 'cancelled' }]);
    });

    test('of a call that finishes all the same holds its slot until then', async () => {
      const pool = taskPool({ poolSize: 1 });
      const first = pool.map(work.finishAnyway, ['x']);
      const next = pool.apply(work.now);
      await begun(pool);
      first.cancel();
      expect(pool.numRunning).toBe(1);
      const [{ reason, endedAt } = { reason: '', endedAt: 0 }] = (await first.results()) as {
        reason: string;
        endedAt: number;
      }[];
      expect(reason).toBe('AbortError');
      expect((await next.results())[0]).toBeGreaterThanOrEqual(endedAt);
    });

    test('before its turn means that it never begins', async () => {
      const pool = taskPool({ poolSize: 1 });
      const running = pool.map(work.untilAborted, ['x']);
      const waiting = pool.apply(work.now);
      await begun(pool);
      waiting.cancel();
      running.cancel();
      expect(await waiting.settled()).toMatchObject([{ status: 'cancelled' }]);
      await running.settled();
    });

    test('by the signal of the pool reaches all that run', async () => {
      const controller = new AbortController();
      const pool = taskPool({ signal: controller.signal });
      const group = pool.map(work.untilAborted, ['x', 'y'], { numConcurrent: 2 });
      await begun(pool, 2);
      controller.abort();
      const settled = await group.settled();
      expect(settled.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    });

    test('by stop() takes the one that was started last', async () => {
      const pool = simplePool(work.untilAborted as () => Promise<never>, ['x'] as never);
      pool.start(2);
      await begun(pool, 2);
      expect(pool.stop(1)).toEqual([1]);
      await expect.poll(() => pool.numRunning).toBe(1);
      expect(pool.task(1).outcome).toBe('cancelled');
      pool.stopAll();
      await pool.untilIdle();
    });

    test('by a timeout is a failure that says so', async () => {
      const pool = taskPool();
      const group = pool.map(work.untilAborted, ['x'], { timeout: 30 });
      const error = await group.results().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TaskTimedOut);
      expect(error).toMatchObject({ which: 'timeout' });
    });
  });

  far(`${name}: where it runs`, () => {
    test('is said by the task, and by the function that it runs elsewhere', async () => {
      expect(work.join.name).toBe('join');
      expect(Reflect.get(work.join, REMOTE)).toMatchObject({ functionName: 'join' });
      const pool = taskPool();
      const group = pool.starmap(work.join, [['a', 'b']]);
      await group.results();
      const [placed] = pool.journal.events().filter(({ type }) => type === 'task.placed');
      expect(placed).toMatchObject({ id: 0, by: pool.task(0).placedBy });
      expect(pool.task(0).placedBy).toEqual(expect.any(String));
    });

    test.each(['jion', 'notAFunction', 'toString', 'constructor'])('has no %s', async (unknown) => {
      const fn = Reflect.get(work, unknown) as AnyFunction;
      expect(await failure(fn)).toMatchObject({
        code: 'NoSuchRemoteFunction',
        message: expect.stringMatching(new RegExp(`\\bjoin\\b.*${unknown}|${unknown}.*\\bjoin\\b`)),
      });
    });

    if (mayExit)
      test('may die, which is a failed attempt', async () => {
        const pool = taskPool();
        const group = pool.apply(work.exit, [], { retry: { limit: 1, delay: 0 } });
        const error = await group.results().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'WorkerLost' });
        expect(pool.task(0).attempt).toBe(2);
        expect(await pool.map(work.echo, ['next']).results()).toEqual(['next']);
      });

    test('is no promise, and refuses calls once it is closed', async () => {
      const other = (await open()) as Functions & Required<MayClose>;
      expect(await (async () => other)()).toBe(other);
      expect(await other.echo(1)).toBe(1);
      await other.close();
      await expect(other.echo(2)).rejects.toMatchObject({ code: 'PoolIsClosed' });
      await other.close();
    });
  });
}

/** Resolves when so many tasks have reported that they have begun. */
function begun(pool: Pick<TaskPool, 'on'>, tasks = 1): Promise<void> {
  let left = tasks;
  return new Promise((resolve) => {
    const off = pool.on('task.progressed', ({ progress }) => {
      if (progress !== 'begun' || --left > 0) return;
      off();
      resolve();
    });
  });
}
