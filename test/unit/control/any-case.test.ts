/** What a client in Python sends: whole lines in lower case, and Python's literals. */

import { expect, test } from 'vitest';
import { functionSource } from 'xstate-taskpool/control';
import { Talk } from '../../support/control/talk.ts';
import { taskPool, turn } from '../../support/pools.ts';

const calls: unknown[][] = [];
const noteAll = (...args: unknown[]) => void calls.push(args.slice(0, -1));
const functions = functionSource({ noteAll, Same: noteAll, SAME: noteAll, onEnd: noteAll });

function talkTo(pool = taskPool({ name: 'Main' })): Talk {
  calls.length = 0;
  return new Talk([pool, taskPool({ name: 'Other' })], { functions });
}

test('a name that differs in case only from one candidate is that one', async () => {
  const pool = taskPool({ name: 'Main' });
  const talk = talkTo(pool);
  expect(await talk.ask('apply noteall -a [1]')).toBe('apply-noteAll-group-0');
  pool.apply(noteAll, [], { groupName: 'Big One' });
  await turn();
  expect(calls[0]).toEqual([1]);
  expect(await talk.ask('get-group-ids "big one"')).toBe('1');
  expect(await talk.ask('tasks -g "BIG ONE"')).toContain('Big One');
  expect(await talk.ask('pause "big one"')).toBe('ok');
  expect(await talk.ask('cancel-group "big one"')).toBe('ok');
  expect(await talk.ask('use taskpool-other')).toBe('TaskPool-Other');
  expect(await talk.ask('use main')).toBe('TaskPool-Main');
  expect(await talk.ask('tasks -s ENDED')).toContain('fulfilled');
});

test('so is the name of a limit, and the type of an event', async () => {
  const limits = { Host: { concurrent: 2 }, Both: {}, BOTH: {} };
  const pool = taskPool({ name: 'Main', limits });
  const talk = talkTo(pool);
  expect(await talk.ask('limit host -c 3')).toBe('Host {"concurrent":3,"rate":null}');
  expect(await talk.ask('pause-key HOST a 10')).toBe('ok');
  expect(await talk.ask('limit both')).toBe("limit: expected one of BOTH, Both, got 'both'");
  expect(await talk.ask('limit nothing')).toContain("got 'nothing'");
  expect(await talk.ask('events -y pool.CREATED,task.timedout')).toContain('pool.created');
  expect(await talk.ask('complete "limit H"')).toBe('Host');
});

test('what could be several is refused, and all are listed', async () => {
  const pool = taskPool();
  const talk = talkTo(pool);
  expect(await talk.ask('apply same')).toBe("apply: expected one of SAME, Same, got 'same'");
  pool.apply(noteAll, [], { groupName: 'Jobs' });
  pool.apply(noteAll, [], { groupName: 'JOBS' });
  expect(await talk.ask('cancel-group jobs')).toBe(
    "cancel-group: expected one of JOBS, Jobs, got 'jobs'",
  );
});

test('the very name counts before any other', async () => {
  const pool = taskPool();
  const talk = talkTo(pool);
  expect(await talk.ask('apply Same -g first')).toBe('first');
  pool.apply(noteAll, [], { groupName: 'First' });
  expect(await talk.ask('get-group-ids first')).toBe('0');
  expect(await talk.ask('get-group-ids First')).toBe('1');
});

test('what is none of them is refused as ever', async () => {
  const talk = talkTo();
  expect(await talk.ask('apply nobody')).toContain("got 'nobody'");
  expect(await talk.ask('cancel-group nobody')).toContain("got 'nobody'");
});

test('requests with named arguments are taken at their word', async () => {
  const talk = new Talk(taskPool(), { functions, format: 'json' });
  expect(await talk.request({ command: 'apply', args: { func: 'noteall' } })).toMatchObject([
    { ok: false, error: { code: 'FunctionNotFound' } },
  ]);
});

test.each([
  ['(1, 2)', [1, 2]],
  ['(1,)', [1]],
  ['()', []],
  ['[True, False, None]', [true, false, null]],
  ['[true, false, none]', [true, false, null]],
  ["('none', \"(1)\", 'it\\'s')", ['none', '(1)', "it's"]],
  ['({none: none, "a": (1, (2,))},)', [{ none: null, a: [1, [2]] }]],
  ['[nan, inf, -inf, 1e3]', [Number.NaN, Infinity, -Infinity, 1000]],
  ['(1_000, -1_0.5_0, {a_1: "1_0"})', [1000, -10.5, { a_1: '1_0' }]],
])('%s are arguments', async (literal, args) => {
  const talk = talkTo();
  expect(await talk.ask(`apply noteall -a ${literal}`)).toBe('apply-noteAll-group-0');
  expect(await talk.ask(`apply noteall --args=${literal}`)).toBe('apply-noteAll-group-1');
  await turn();
  expect(calls).toEqual([args, args]);
});

test('tuples are items, and arguments of each task', async () => {
  const talk = talkTo();
  await talk.ask('map noteall (1, None) -n 2');
  await talk.ask('starmap noteall [(1, 2), (3, 4)]');
  await talk.ask('doublestarmap noteall ({"a": true},)');
  await turn();
  expect(calls).toHaveLength(5);
  expect(calls).toEqual(expect.arrayContaining([[1], [null], [1, 2], [{ a: true }], [3, 4]]));
});

test.each(['(1, 2', '(1]', '[none', "('x"])('%s is no literal', async (literal) => {
  const talk = talkTo();
  expect(await talk.ask(`apply noteall -a ${literal}`)).toMatch(/^(apply: )?expected/);
  expect(calls).toEqual([]);
});

test('callbacks are functions by name', async () => {
  const talk = talkTo();
  expect(await talk.ask('apply same -e onend')).toContain('expected one of');
  expect(await talk.ask('apply noteall -e onend -c nobody')).toContain("got 'nobody'");
  expect(calls).toEqual([]);
  await talk.ask('apply noteall -a [5] --end-callback onend --cancel-callback onend');
  await turn();
  expect(calls[0]).toEqual([5]);
  expect(calls).toHaveLength(2);
});

test('sizes may be infinite in any case, but not for being too large', async () => {
  const pool = taskPool();
  const talk = talkTo(pool);
  for (const word of ['infinity', 'Infinity', 'inf']) {
    pool.poolSize = 1;
    expect(await talk.ask(`pool-size ${word}`)).toBe('ok');
    expect(pool.poolSize).toBe(Infinity);
  }
  pool.poolSize = 1;
  expect(await talk.ask('pool-size 1e400')).toMatch(
    /^pool-size: expected N to be a non-negative integer/,
  );
  const json = new Talk(pool, { format: 'json' });
  expect(await json.request('{"command":"pool-size","args":{"size":1e400}}')).toMatchObject([
    { ok: false, error: { code: 'BadArguments' } },
  ]);
  expect(pool.poolSize).toBe(1);
});

test('no command makes more tasks than can be started in one go', async () => {
  const talk = talkTo();
  expect(await talk.ask('apply noteall -n 2000000')).toBe(
    'expected at most 100000 tasks of one command, got 2000000',
  );
});

test('a sigma is one letter, wherever it stands', async () => {
  const named = { ΛΟΓΟΣ: () => {}, ΣΟΣ: () => {} };
  const talk = new Talk(taskPool(), { functions: functionSource(named) });
  for (const name of ['λογος', 'λογοσ']) {
    expect(await talk.ask(`apply ${name}`)).toMatch(/^apply-ΛΟΓΟΣ-group-\d$/);
  }
  expect(await talk.ask('apply σος')).toBe('apply-ΣΟΣ-group-2');
});

test('numbers may be written as Python writes them', async () => {
  const pool = taskPool();
  const talk = new Talk(pool, { functions });
  expect(await talk.ask('pool-size 1_000')).toBe('ok');
  expect(pool.poolSize).toBe(1000);
  expect(await talk.ask('pool-size _1')).toMatch(/^pool-size: expected/);
  expect(await talk.ask('pool-size 1__0')).toMatch(/^pool-size: expected/);
});
