import { describe, expect, test } from 'vitest';
import type { TaskContext } from 'xstate-taskpool';
import { eventsOf } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

const stop = new Error('stop');
const other = new TypeError('other');
type Work = (context: TaskContext) => unknown;

/** Runs a function, cancels it with `stop` if it is told to, and gives how it ended. */
async function outcomeOf(work: Work, cancel: boolean) {
  const pool = taskPool();
  const called: string[] = [];
  const group = pool.apply(work, [], {
    endCallback: () => void called.push('end'),
    cancelCallback: () => void called.push('cancel'),
  });
  await turn();
  if (cancel) pool.cancel([0], stop);
  const [result] = await group.settled();
  await pool.gatherAndClose({ returnExceptions: true });
  const ended = eventsOf(pool, 'task.ended')[0];
  return { result, called, ended };
}

const fulfilled = (value: unknown) => ({ status: 'fulfilled', id: 0, index: 0, value });
const rejected = (reason: unknown) => ({ status: 'rejected', id: 0, index: 0, reason });
const cancelled = (reason: unknown) => ({ status: 'cancelled', id: 0, index: 0, reason });
const abort = new DOMException('mine', 'AbortError');
const unwinding =
  (end: Work): Work =>
  (context) =>
    untilAborted(context).catch(() => end(context));

describe('a function that is not cancelled and', () => {
  test.each<[string, Work, object]>([
    ['returns', () => 1, fulfilled(1)],
    ['returns nothing', () => {}, fulfilled(undefined)],
    ['returns a promise', async () => 1, fulfilled(1)],
    ['returns a thenable', () => thenable((resolve) => resolve(1)), fulfilled(1)],
    ['rejects', () => Promise.reject(other), rejected(other)],
    ['throws synchronously', () => throwing(other), rejected(other)],
    ['throws a text', () => throwing('text'), rejected('text')],
    ['throws nothing', () => Promise.reject(undefined), rejected(undefined)],
    ['throws an AbortError of its own', () => throwing(abort), rejected(abort)],
    ['returns a thenable that throws', () => thenable(() => throwing(other)), rejected(other)],
  ])('%s', async (_what, work, result) => {
    expect(await outcomeOf(work, false)).toMatchObject({ result, called: ['end'] });
  });
});

describe('a function that is cancelled and', () => {
  test.each<[string, Work, object, string[]]>([
    ['rejects with the reason', untilAborted, cancelled(stop), ['cancel', 'end']],
    [
      'rejects with an AbortError',
      unwinding(() => throwing(abort)),
      cancelled(stop),
      ['cancel', 'end'],
    ],
    ['returns', unwinding(() => 1), fulfilled(1), ['end']],
    ['throws anything else', unwinding(() => throwing(other)), rejected(other), ['end']],
    ['throws nothing', unwinding(() => Promise.reject(undefined)), rejected(undefined), ['end']],
  ])('%s', async (_what, work, result, called) => {
    expect(await outcomeOf(work, true)).toMatchObject({ result, called });
  });
});

describe('what is recorded of a failure', () => {
  const withCode = (code: unknown) => Object.assign(new Error('bad'), { code });
  test.each<[string, unknown, object]>([
    ['an error', other, { name: 'TypeError', message: 'other' }],
    ['a code that is a text', withCode('E_BAD'), { name: 'Error', message: 'bad', code: 'E_BAD' }],
    ['a code that is a number', withCode(5), { name: 'Error', message: 'bad', code: 5 }],
    ['no code that is no plain data', withCode(Symbol('bad')), { name: 'Error', message: 'bad' }],
    ['a DOMException', abort, { name: 'AbortError', message: 'mine', code: 20 }],
    ['a text', 'text', { name: 'string', message: 'text' }],
    ['nothing', undefined, { name: 'undefined', message: 'undefined' }],
    ['null', null, { name: 'object', message: 'null' }],
    ['a symbol', Symbol('odd'), { name: 'symbol', message: 'Symbol(odd)' }],
    ['an object without prototype', Object.create(null), { name: 'object', message: '[object]' }],
  ])('%s', async (_what, reason, error) => {
    const { ended } = await outcomeOf(() => Promise.reject(reason), false);
    expect(ended).toMatchObject({ type: 'task.ended', id: 0, outcome: 'rejected' });
    expect((ended as { error?: unknown }).error).toEqual(error);
  });

  const hostile: [string, unknown][] = [
    [
      'a message that throws',
      Object.defineProperty(new Error(), 'message', { get: () => throwing(other) }),
    ],
    [
      'a name that throws',
      Object.defineProperty(new Error(), 'name', { get: () => throwing(other) }),
    ],
    [
      'a code that throws',
      Object.defineProperty(new Error(), 'code', { get: () => throwing(other) }),
    ],
    ['a name that is no text', Object.assign(new Error('bad'), { name: Object.create(null) })],
    [
      'a tag that throws',
      Object.defineProperty({}, Symbol.toStringTag, { get: () => throwing(other) }),
    ],
    ['a prototype that throws', new Proxy({}, { getPrototypeOf: () => throwing(other) })],
  ];
  test.each(hostile)('%s does not keep a task from ending', async (_what, reason) => {
    const { result, ended, called } = await outcomeOf(() => Promise.reject(reason), false);
    expect(result).toMatchObject({ status: 'rejected' });
    expect((result as { reason: unknown }).reason === reason).toBe(true);
    expect(ended).toMatchObject({ outcome: 'rejected', error: { name: expect.any(String) } });
    expect(called).toEqual(['end']);
  });

  test.each(hostile)('%s does not keep a cancelled task from ending', async (_what, reason) => {
    const { result } = await outcomeOf(
      unwinding(() => Promise.reject(reason)),
      true,
    );
    expect(result).toMatchObject({ status: 'rejected' });
  });

  test.each(hostile)('%s may be the reason of a cancel', async (_what, reason) => {
    const pool = taskPool();
    pool.apply(untilAborted, [], { num: 2 });
    await turn();
    pool.cancel([0, 1], reason);
    await pool.untilIdle();
    expect(pool.totals.cancelled).toBe(2);
  });
});

function thenable(then: (resolve: (value: unknown) => void) => void) {
  return { then };
}

function throwing(error: unknown): never {
  throw error;
}
