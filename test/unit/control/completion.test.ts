/** What is offered for an unfinished line. */

import { describe, expect, test } from 'vitest';
import type { BasePool } from 'xstate-taskpool';
import { functionSource } from 'xstate-taskpool/control';
import { Talk } from '../../support/control/talk.ts';
import { simplePool, taskPool, untilAborted } from '../../support/pools.ts';

const functions = functionSource({ worker: untilAborted, workHard: untilAborted, other: () => {} });

async function complete(pools: BasePool | BasePool[], line: string) {
  const talk = new Talk(pools, { functions, format: 'json' });
  const [answer] = await talk.request({ command: 'complete', args: { line } });
  return answer?.value;
}

function pool() {
  const pool = taskPool({ name: 'p' });
  pool.apply(untilAborted, [], { groupName: 'first' });
  pool.apply(untilAborted, [], { groupName: 'the "second"' });
  return pool;
}

describe('offered', () => {
  test.each([
    [
      'nu',
      'nu',
      [
        'num-cancelled',
        'num-concurrent',
        'num-delayed',
        'num-ended',
        'num-pending',
        'num-queued',
        'num-running',
      ],
    ],
    ['  map wor', 'wor', ['workHard', 'worker']],
    ['MAP ', '', ['other', 'workHard', 'worker']],
    ['map -n 2 o', 'o', ['other']],
    ['map --num-concurrent 2 o', 'o', ['other']],
    ['map -n2 o', 'o', ['other']],
    ['map worker', 'worker', ['worker']],
    ['map worker [1', '[1', []],
    [
      'map worker --',
      '--',
      [
        '--cancel-callback',
        '--deadline',
        '--end-callback',
        '--group-name',
        '--help',
        '--num-concurrent',
        '--retry',
        '--timeout',
      ],
    ],
    ['map --n', '--n', ['--num-concurrent']],
    ['pause ', '', ['"the \\"second\\""', 'first']],
    ['pause first ', '', []],
    ['get-group-ids first ', '', ['"the \\"second\\""', 'first']],
    ['get-group-ids first f', 'f', ['first']],
    ['tasks --state c', 'c', ['cancelled', 'cancelling']],
    ['tasks -s running -g f', 'f', ['first']],
    ['watch task.q', 'task.q', ['task.queued']],
    ['watch task.queued pool.l', 'pool.l', ['pool.locked']],
    ['help unt', 'unt', ['until-closed', 'until-idle', 'until-size-below']],
    ['start ', '', []],
    ['nonsense ', '', []],
    ['pool-size ', '', []],
    ['sto', 'sto', ['stop-group']],
  ])('%j', async (line, word, candidates) => {
    const made = pool();
    expect(await complete(made, line)).toEqual({ word, candidates });
    made.cancelAll();
  });

  test('every command for an empty line, and every pool for `use`', async () => {
    const pools = [taskPool({ name: 'a' }), simplePool(untilAborted, [], { name: 'b' })];
    expect(await complete(pools, '')).toMatchObject({
      word: '',
      candidates: expect.arrayContaining(['apply', 'watch']),
    });
    expect(await complete(pools, 'use ')).toEqual({
      word: '',
      candidates: ['SimpleTaskPool-b', 'TaskPool-a'],
    });
  });
});

test('as text it is one candidate in a line', async () => {
  const talk = new Talk(taskPool(), { functions });
  expect(await talk.ask('complete "apply wor"')).toBe('workHard\nworker');
  expect(await talk.ask('complete ""')).toMatch(/^apply\n/);
});
