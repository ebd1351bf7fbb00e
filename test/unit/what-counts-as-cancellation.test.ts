import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type ApplyOptions, MemoryStore, NotAFunction } from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { leftBy, resume } from '../support/lives.ts';
import { thrownBy } from '../support/observing.ts';
import { Log, simplePool, taskPool, turn } from '../support/pools.ts';

const reason = new Error('why');
const abort = new DOMException('aborted', 'AbortError');
const wrapped = (cause: unknown) => new Error('could not fetch', { cause });
const withFields = (fields: object) => Object.assign(new Error('other'), fields);

/** Waits for its abort, and throws something else than it was told. */
function throwsOnAbort(error: unknown) {
  return ({ signal }: { signal: AbortSignal }): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(error), { once: true });
    });
}

/** What becomes of a task that throws this error after it was cancelled. */
async function outcomeOf(
  error: unknown,
  options: Pick<ApplyOptions, 'isCancellation'> = {},
  pool = taskPool(),
) {
  const group = pool.apply(throwsOnAbort(error), [], options);
  await turn();
  group.cancel(reason);
  const [result] = await group.settled();
  return result?.status;
}

describe('after its abort a task is cancelled that throws', () => {
  const circle = new Error('circle');
  circle.cause = new AggregateError([circle, abort]);
  const far = runInNewContext(`new AggregateError([new Error('a', { cause: reason })])`, {
    reason,
  });
  test.each([
    ['the reason, wrapped', wrapped(reason)],
    ['an AbortError, wrapped twice', wrapped(wrapped(abort))],
    ["what Node's functions throw", withFields({ code: 'ABORT_ERR' })],
    ['what axios throws', withFields({ name: 'CanceledError', code: 'ERR_CANCELED' })],
    ['that, wrapped', wrapped(withFields({ code: 'ERR_CANCELED' }))],
    ['several aborts', new AggregateError([abort, reason, wrapped(abort)])],
    ['several of several', new AggregateError([new AggregateError([abort]), reason])],
    ['an empty collection because of it', new AggregateError([], 'none', { cause: reason })],
    [
      'one abort on top of another',
      withFields({ name: 'SuppressedError', error: abort, suppressed: reason }),
    ],
    ['an object that is no Error', { name: 'Failure', cause: reason }],
    ['errors in a circle, one of them an abort', circle],
    ['errors of another realm', far],
  ])('%s', async (_, error) => {
    expect(await outcomeOf(error)).toBe('cancelled');
  });
});

describe('after its abort a task is rejected that throws', () => {
  const circle = new Error('circle');
  circle.cause = circle;
  const endless = (): Error =>
    Object.defineProperty(new Error('endless'), 'cause', { get: endless });
  const hostile = new Proxy(new Error('hostile'), {
    get() {
      throw new Error('trap');
    },
  });
  test.each([
    ['another error', new Error('could not clean up')],
    ['another error, wrapped', wrapped(new Error('disk full'))],
    ['aborts among others', new AggregateError([abort, new Error('disk full')])],
    [
      'others because of an abort',
      new AggregateError([new Error('disk full')], '', { cause: abort }),
    ],
    ['nothing at all', undefined],
    ['an empty collection', new AggregateError([])],
    [
      'a failure on top of an abort',
      withFields({ name: 'SuppressedError', error: new Error('x'), suppressed: abort }),
    ],
    ['another code', withFields({ code: 'ECONNRESET' })],
    ['errors in a circle', circle],
    ['an error whose every cause has another one', endless()],
    ['something that cannot be read', hostile],
  ])('%s', async (_, error) => {
    expect(await outcomeOf(error)).toBe('rejected');
  });
});

test('without an abort, what looks like one is a rejection', async () => {
  const pool = taskPool({ isCancellation: () => true });
  const errors = [abort, wrapped(abort), withFields({ code: 'ERR_CANCELED' })];
  const results = await pool.map((error: Error) => Promise.reject(error), errors).settled();
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});

describe('isCancellation', () => {
  const own = new Error('own');

  test('decides about the rest, with the error and the signal', async () => {
    const asked: unknown[][] = [];
    const isCancellation = (error: unknown, signal: AbortSignal) => {
      asked.push([error, signal.aborted, signal.reason]);
      return error === own;
    };
    expect(await outcomeOf(own, { isCancellation })).toBe('cancelled');
    expect(await outcomeOf(new Error('other'), { isCancellation })).toBe('rejected');
    expect(await outcomeOf(abort, { isCancellation })).toBe('cancelled');
    expect(asked).toEqual([
      [own, true, reason],
      [new Error('other'), true, reason],
    ]);
  });

  test('of a pool holds for groups without one', async () => {
    const pool = taskPool({ isCancellation: () => true });
    expect(await outcomeOf(own, {}, pool)).toBe('cancelled');
    expect(await outcomeOf(own, { isCancellation: () => false }, pool)).toBe('rejected');
    const simple = simplePool(throwsOnAbort(own), [], { isCancellation: () => true });
    simple.start(1);
    await turn();
    simple.stopAll();
    await simple.untilIdle();
    expect(simple.totals.cancelled).toBe(1);
  });

  test('that throws, or says nothing clear, is logged; the task is rejected with its error', async () => {
    const logger = new Log();
    const pool = taskPool({ logger });
    const fail = () => {
      throw new RangeError('oops');
    };
    expect(await outcomeOf(own, { isCancellation: fail }, pool)).toBe('rejected');
    const unclear = (async () => true) as unknown as () => boolean;
    expect(await outcomeOf(own, { isCancellation: unclear }, pool)).toBe('rejected');
    expect(logger.lines).toEqual([
      ['isCancellation failed for task 0', new RangeError('oops')],
      [
        'isCancellation failed for task 1',
        new TypeError('expected isCancellation to return a boolean, got an object (Promise)'),
      ],
    ]);
    expect(await pool.flush({ returnExceptions: true })).toEqual([]);
  });

  test('is given to a resumed pool again, for all groups or for one', async () => {
    const functions = { work: throwsOnAbort(own) };
    const left = taskPool({ functions });
    left.apply(functions.work, [], { groupName: 'one' });
    left.apply(functions.work, [], { groupName: 'two' });
    await turn();
    const again = await resume(await leftBy(left), {
      functions,
      isCancellation: () => true,
      groups: { two: { isCancellation: () => false } },
    });
    await new Promise((resolve) => again.on('task.started', ({ id }) => id === 1 && resolve(id)));
    await turn();
    again.cancelAll(reason);
    await again.untilIdle();
    expect(again.snapshot().tasks.map(({ outcome }) => outcome)).toEqual(['cancelled', 'rejected']);
  });

  test('has to be a function', async () => {
    const isCancellation = 'yes' as unknown as () => boolean;
    const pool = taskPool();
    const refusal = new NotAFunction("expected isCancellation to be a function, got 'yes'");
    expect(thrownBy(() => taskPool({ isCancellation }))).toEqual(refusal);
    expect(thrownBy(() => pool.apply(() => 1, [], { isCancellation }))).toEqual(refusal);
    expect(thrownBy(() => pool.map(() => 1, [1], { isCancellation }))).toEqual(refusal);
    await expect(
      recoverTaskPool(new MemoryStore(), { functions: {}, groups: { one: { isCancellation } } }),
    ).rejects.toThrow('expected groups.one.isCancellation to be a function');
  });
});
