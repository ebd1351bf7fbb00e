import { describe, expect, test } from 'vitest';
import * as taskpool from 'xstate-taskpool';
import {
  AlreadyCancelled,
  AlreadyEnded,
  NotAFunction,
  PoolIsClosed,
  PoolIsLocked,
  QueueFull,
  ResultsNotRetained,
  TaskGroupAlreadyExists,
  TaskGroupNotFound,
  TaskNotFound,
  TaskPoolError,
} from 'xstate-taskpool';
import { rejectionOf, thrownBy } from '../support/observing.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

const classes = Object.entries(taskpool).filter(
  ([name, value]) => name !== 'TaskPoolError' && Object(value).prototype instanceof TaskPoolError,
) as [string, new (message: string) => TaskPoolError][];

test('all errors of the issue are exported', () => {
  expect(classes.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'PoolIsClosed',
      'PoolIsLocked',
      'TaskNotFound',
      'AlreadyCancelled',
      'AlreadyEnded',
      'TaskGroupNotFound',
      'TaskGroupAlreadyExists',
      'NotAFunction',
      'ResultsNotRetained',
    ]),
  );
});

test.each(classes)('%s has its name as name and code', (name, ErrorClass) => {
  const error = new ErrorClass('why');
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name, code: name, message: 'why' });
  expect(String(error)).toBe(`${name}: why`);
});

/** Each error as a user meets it: its class, and the text that says what was expected and got. */
const cases: [string, new (message: string) => TaskPoolError, () => Promise<unknown>, RegExp][] = [
  [
    'new work for a locked pool',
    PoolIsLocked,
    async () => {
      const pool = taskPool({ name: 'mine' });
      pool.lock();
      return thrownBy(() => pool.apply(() => 1));
    },
    /^expected an open pool for new tasks, got TaskPool-mine, which is locked$/,
  ],
  [
    'new work for a closed pool',
    PoolIsClosed,
    async () => {
      const pool = taskPool({ name: 'mine' });
      await pool.gatherAndClose();
      return thrownBy(() => pool.apply(() => 1));
    },
    /^expected an open pool for new tasks, got TaskPool-mine, which is closed$/,
  ],
  [
    'an id that was never given',
    TaskNotFound,
    async () => thrownBy(() => taskPool({ name: 'mine' }).cancel(7)),
    /^expected the id of a task that TaskPool-mine remembers, got 7$/,
  ],
  [
    'a second cancel after the cancellation',
    AlreadyCancelled,
    async () => {
      const pool = taskPool({ poolSize: 0 });
      pool.apply(() => 1, [], { cancelCallback: () => new Gate().promise });
      pool.cancel(0);
      return thrownBy(() => pool.cancel(0));
    },
    /^expected a task that is waiting or running, got 0, cancelled$/,
  ],
  [
    'a cancel after the end',
    AlreadyEnded,
    async () => {
      const pool = taskPool();
      await pool.apply(() => 1).results();
      return thrownBy(() => pool.cancel(0));
    },
    /^expected a task that is waiting or running, got 0, ended$/,
  ],
  [
    'a group that there is not',
    TaskGroupNotFound,
    async () => thrownBy(() => taskPool({ name: 'mine' }).getGroupIds('none')),
    /^expected the name of a group of TaskPool-mine, got 'none'$/,
  ],
  [
    'a group name in use',
    TaskGroupAlreadyExists,
    async () => {
      const pool = taskPool({ poolSize: 0 });
      pool.apply(() => 1, [], { groupName: 'mine' });
      return thrownBy(() => pool.map((n: number) => n, [1], { groupName: 'mine' }));
    },
    /^expected a group name not in use, got 'mine'$/,
  ],
  [
    'something that is no function',
    NotAFunction,
    async () => thrownBy(() => taskPool().apply('work' as never)),
    /^expected fn to be a function, got 'work'$/,
  ],
  [
    'a pool with maxQueued tasks pending',
    QueueFull,
    async () => {
      const pool = taskPool({ poolSize: 0, maxQueued: 1 });
      pool.apply(() => 1);
      return thrownBy(() => pool.apply(() => 1));
    },
    /^expected fewer than maxQueued = 1 pending, got 1$/,
  ],
  [
    'results that were let go',
    ResultsNotRetained,
    async () => {
      const pool = taskPool({ retain: 'none' });
      const group = pool.apply(() => 1, [], { groupName: 'mine' });
      await turn();
      return rejectionOf(group.results());
    },
    /^expected the results of 1 ended tasks of 'mine', got 0: /,
  ],
];

describe('what was expected and what was given is said of', () => {
  test.each(cases)('%s', async (_what, ErrorClass, cause, message) => {
    const error = await cause();
    expect(error).toBeInstanceOf(ErrorClass);
    expect((error as Error).message).toMatch(message);
  });
});
