/** What is accepted as the arguments of a command, and what is said to everything else. */

import { describe, expect, test } from 'vitest';
import type { BasePool } from 'xstate-taskpool';
import { functionSource } from 'xstate-taskpool/control';
import { Talk } from '../../support/control/talk.ts';
import { simplePool, taskPool, untilAborted } from '../../support/pools.ts';

const functions = functionSource({ worker: untilAborted });

describe('a command line', () => {
  const simple = () => simplePool(untilAborted, [], { name: 'p' });
  const task = () => taskPool({ name: 'p' });
  const ask = (pool: BasePool, line: string) => new Talk(pool, { functions }).ask(line);

  test.each([
    ['nonsense', "expected a command, got 'nonsense' (-h lists them)"],
    ['toString', "expected a command, got 'toString' (-h lists them)"],
    ['""', "expected a command, got '' (-h lists them)"],
    ['map worker []', "expected a command of SimpleTaskPool, got 'map' of TaskPool"],
    ['start', 'start: expected N'],
    ['start x', 'start: expected N to be a non-negative integer, got x'],
    ['start -1', 'start: expected N to be a non-negative integer, got -1'],
    ['start 1.5', 'start: expected N to be a non-negative integer, got 1.5'],
    ['start 007', 'start: expected N to be a non-negative integer, got 007'],
    ['start Infinity', 'start: expected N to be a non-negative integer, got Infinity'],
    ['start [1]', 'start: expected N to be a non-negative integer, got [1]'],
    ["start ''", "start: expected N to be a non-negative integer, got ''"],
    ['start 1 2', 'start: expected no more arguments, got 2'],
    ['start -x 1', 'start: expected an option that it has, got -x'],
    ['start --n=1', 'start: expected an option that it has, got --n=1'],
    ['start "1', 'expected " before the end of the line'],
    ['cancel', 'cancel: expected ID'],
    ["cancel ''", "cancel: expected ID to be the id of a task or the key of a submission, got ''"],
    ['flush -r -r', 'flush: expected --return-exceptions once, got it twice'],
    ['flush --return-exceptions=yes', 'flush: expected no value for --return-exceptions'],
    ['tasks --state', 'tasks: expected STATE after --state'],
    [
      'tasks -s walking',
      'tasks: expected --state to be one of queued, running, cancelling, timedOut, delayed, cancelled, ended, got walking',
    ],
    ["cancel-group ''", "cancel-group: expected NAME to be the name of a group, got ''"],
  ])('%s', async (line, expected) => {
    expect(await ask(simple(), line)).toBe(expected);
  });

  test.each([
    ['map worker [1,2', 'expected ] before the end of the line'],
    [
      'map worker [1 2]',
      "map: expected ITEMS to be an array, got [1 2] (invalid character '2' at 1:4)",
    ],
    ['map worker {}', 'map: expected ITEMS to be an array, got {}'],
    ['map worker', 'map: expected ITEMS'],
    [
      'map worker [] -n 0',
      'map: expected --num-concurrent to be a positive integer or Infinity, got 0',
    ],
    ['starmap worker [1]', 'starmap: expected ITEMS to be an array of arrays, got [1]'],
    [
      'doublestarmap worker [[]]',
      'doublestarmap: expected ITEMS to be an array of objects, got [[]]',
    ],
    ['apply worker -k [1]', 'apply: expected --kwargs to be an object, got [1]'],
    ['apply nobody', "expected a registered function (worker), got 'nobody'"],
    ['apply constructor', "expected a registered function (worker), got 'constructor'"],
    ['apply ./x.mjs:f', "expected a registered function (worker), got './x.mjs:f'"],
  ])('%s', async (line, expected) => {
    expect(await ask(task(), line)).toBe(expected);
  });

  test.each([
    'apply worker -g g -n 3 -a [1]',
    'APPLY worker -n3 -a[1] -gg',
    'apply -n 3 --args=[1] --group-name g worker',
    'apply --num=0x3 --args [1,] --group-name=g -- worker',
    "apply -a '[1]' -g 'g' -n +3 \"worker\"",
  ])('%s', async (line) => {
    const pool = task();
    expect(await ask(pool, line)).toBe('g');
    expect(pool.snapshot().groups[0]).toMatchObject({ name: 'g', method: 'apply', planned: 3 });
    pool.cancelAll();
  });

  test('what begins with a dash is a value if it is quoted or comes after --', async () => {
    const pool = task();
    expect(await ask(pool, 'apply worker -g "-x"')).toBe('-x');
    expect(await ask(pool, 'pause "-x"')).toBe('ok');
    expect(await ask(pool, 'resume -- -x')).toBe('ok');
    expect(await ask(pool, 'resume -- --help')).toMatch(/^expected the name of a group/);
    pool.cancelAll();
  });

  test('case does not matter in the names of commands, nor of groups', async () => {
    const pool = task();
    expect(await ask(pool, 'Apply worker -g Group')).toBe('Group');
    expect(await ask(pool, 'PAUSE group')).toBe('ok');
    expect(await ask(pool, 'PAUSE Group')).toBe('ok');
    pool.cancelAll();
  });

  test('numbers are names where a name is wanted', async () => {
    const pool = task();
    expect(await ask(pool, 'apply worker -g 007')).toBe('007');
    expect(await ask(pool, 'cancel-group 007')).toBe('ok');
  });
});

describe('the arguments of a request', () => {
  const ask = async (command: string, args: unknown) => {
    const pool = taskPool({ name: 'p' });
    const talk = new Talk(pool, { functions, format: 'json' });
    const [answer] = await talk.request({ command, args });
    pool.cancelAll();
    return answer?.error ?? answer?.value;
  };
  const bad = (message: string) => ({ code: 'BadArguments', message });

  test.each([
    ['pool-size', [], bad('pool-size: expected args to be an object, got []')],
    ['pool-size', null, bad('pool-size: expected args to be an object, got null')],
    ['pool-size', { n: 1 }, bad("pool-size: expected arguments of the names size, got 'n'")],
    ['lock', { n: 1 }, bad("lock: expected arguments of the names (none), got 'n'")],
    [
      'pool-size',
      { size: '1' },
      bad('pool-size: expected size to be a non-negative integer or Infinity, got "1"'),
    ],
    ['cancel', { ids: 1 }, bad('cancel: expected ids to be an array, got 1')],
    ['cancel', { ids: [] }, bad('cancel: expected ids')],
    ['cancel', {}, bad('cancel: expected ids')],
    [
      'flush',
      { returnExceptions: 1 },
      bad('flush: expected returnExceptions to be true or false, got 1'),
    ],
    [
      'apply',
      { func: 'worker', num: null },
      bad('apply: expected num to be a non-negative integer, got null'),
    ],
    ['map', { func: 'worker', items: 'abc' }, bad('map: expected items to be an array, got "abc"')],
  ])('%s %j', async (command, args, error) => {
    expect(await ask(command, args)).toEqual(error);
  });

  test.each([
    ['pool-size', { size: 3 }, 3],
    ['pool-size', { size: null }, null],
    ['pool-size', {}, null],
    ['POOL-SIZE', {}, null],
    ['apply', { func: 'worker', groupName: 'g', num: 2, args: [1] }, 'g'],
    ['map', { func: 'worker', items: [1], numConcurrent: null, groupName: 'g' }, 'g'],
    ['flush', { returnExceptions: true }, []],
  ])('%s %j', async (command, args, value) => {
    expect(await ask(command, args)).toEqual(value);
  });

  test('of what is not own nothing is taken', async () => {
    const talk = new Talk(taskPool({ name: 'p' }), { format: 'json' });
    const [answer] = await talk.request('{"command":"pool-size","args":{"__proto__":{"size":5}}}');
    expect(answer?.error?.message).toBe(
      "pool-size: expected arguments of the names size, got '__proto__'",
    );
  });
});
