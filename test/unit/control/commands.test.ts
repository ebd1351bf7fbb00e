/** What each command does, and what it prints. */

import { describe, expect, test } from 'vitest';
import { type BasePool, MemoryStore } from 'xstate-taskpool';
import { functionSource } from 'xstate-taskpool/control';
import { Talk } from '../../support/control/talk.ts';
import { Gate, simplePool, taskPool, turn, untilAborted } from '../../support/pools.ts';

const calls: unknown[][] = [];
const record = (...args: unknown[]): void => {
  calls.push(args);
};
const fail = (message: unknown) => {
  throw new Error(String(message));
};
const functions = functionSource({ worker: untilAborted, record, fail });

const talkTo = (pool: BasePool) => new Talk(pool, { functions });

/** Asks one line after the other, letting tasks start and end between them. */
async function asked(talk: Talk, ...lines: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const line of lines) {
    answers.push(await talk.ask(line));
    await turn();
  }
  return answers;
}

describe('a request that names much', () => {
  const TOO_MANY = /^expected at most 10000 (?:words|ids|groups|types) in a request, got more$/;

  test('is carried out up to ten thousand words, each group once', async () => {
    const pool = taskPool();
    pool.apply(untilAborted, [], { groupName: 'g' });
    await turn();
    const talk = talkTo(pool);
    expect(await talk.ask(`get-group-ids -- ${'g '.repeat(9_998)}`)).toBe('0');
    expect(await talk.ask(`get-group-ids -- ${'g '.repeat(9_999)}`)).toMatch(TOO_MANY);
    pool.cancelAll();
    await pool.gatherAndClose();
  });

  test.each(['cancel', 'get-group-ids', 'watch', 'complete'])('%s is refused', async (name) => {
    expect(await talkTo(taskPool()).ask(`${name} ${'x '.repeat(10_000)}`)).toMatch(TOO_MANY);
  });

  test.each([
    ['cancel', 'ids'],
    ['get-group-ids', 'groups'],
    ['watch', 'types'],
  ])('%s with an array is refused', async (command, name) => {
    const json = new Talk(taskPool(), { format: 'json' });
    const args = { [name]: new Array(10_001).fill('x') };
    expect(await json.request(JSON.stringify({ command, args }))).toMatchObject([
      { ok: false, error: { code: 'LimitExceeded', message: expect.stringMatching(TOO_MANY) } },
    ]);
  });

  test('is refused where it is a long literal that is not JSON', async () => {
    const talk = new Talk(taskPool(), { functions: functionSource({ same: (n: unknown) => n }) });
    const json = `[${'1,'.repeat(40_000)}1]`;
    expect(await talk.ask(`map same ${json}`)).toBe('map-same-group-0');
    expect(await talk.ask(`map same ${json.replace('1', '+1')}`)).toMatch(
      /longer than 65536 characters and not JSON/,
    );
  });

  test('costs no more for blanks in a literal', async () => {
    const talk = new Talk(taskPool(), { functions: functionSource({ same: (n: unknown) => n }) });
    const start = process.cpuUsage();
    expect(await talk.ask(`map same [True${' '.repeat(60_000)}]`)).toBe('map-same-group-0');
    // Quadratic it took two seconds.
    expect(process.cpuUsage(start).user).toBeLessThan(500_000);
  });
});

describe('size and state', () => {
  test('pool-size shows the size or sets it', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    expect(await asked(talk, 'pool-size', 'pool-size 10', 'pool-size', 'pool-size 0')).toEqual([
      'Infinity',
      'ok',
      '10',
      'ok',
    ]);
    expect(pool.poolSize).toBe(0);
    expect(await asked(talk, 'pool-size Infinity', 'pool-size')).toEqual(['ok', 'Infinity']);
  });

  test('lock, unlock, and what says so', async () => {
    const pool = taskPool({ poolSize: 0 });
    const talk = talkTo(pool);
    expect(await asked(talk, 'is-locked', 'lock', 'is-locked')).toEqual(['false', 'ok', 'true']);
    expect(await talk.ask('apply worker')).toBe(
      `expected an open pool for new tasks, got ${pool}, which is locked`,
    );
    expect(await asked(talk, 'unlock', 'is-locked', 'is-full')).toEqual(['ok', 'false', 'true']);
    expect(await asked(talk, 'gather-and-close', 'is-closed', 'is-locked')).toEqual([
      'ok',
      'true',
      'true',
    ]);
    expect(await talk.ask('unlock')).toBe(
      `expected a pool that can be unlocked, got ${pool}, which is closed`,
    );
  });

  test('counts', async () => {
    const gate = new Gate();
    const pool = taskPool({ poolSize: 3 });
    const counts = ['num-running', 'num-queued', 'num-cancelled', 'num-ended'];
    pool.apply(untilAborted, [], { num: 1 });
    pool.apply(untilAborted, [], { num: 1, cancelCallback: () => gate.promise });
    pool.apply(untilAborted, [], { num: 2 });
    await turn();
    const talk = talkTo(pool);
    expect(await asked(talk, ...counts)).toEqual(['3', '1', '0', '0']);
    expect(await asked(talk, 'cancel 0 1', ...counts)).toEqual(['ok', '2', '0', '1', '1']);
    gate.resolve();
    await turn();
    expect(await asked(talk, ...counts)).toEqual(['2', '0', '0', '2']);
    expect(await asked(talk, 'flush', 'num-ended')).toEqual(['ok', '0']);
    pool.cancelAll();
  });

  test('flush and gather-and-close fail with what nobody has read, or show it with -r', async () => {
    const talk = talkTo(taskPool());
    await asked(talk, 'apply fail -a ["one"]');
    expect(await asked(talk, 'flush', 'flush')).toEqual(['one', 'ok']);
    await asked(talk, 'apply fail -a ["one"] -n 2');
    expect(await talk.ask('flush')).toMatch(/; one; one$/);
    await asked(talk, 'apply fail -a ["first"]', 'apply fail -a ["second\\nline"]');
    expect(await asked(talk, 'gather-and-close -r', 'is-closed')).toEqual([
      'first\nsecond line',
      'true',
    ]);
  });

  test('until-closed, until-idle and until-size-below wait', async () => {
    const pool = taskPool({ poolSize: 1 });
    const talk = talkTo(pool);
    const answered: string[] = [];
    const waits = [talkTo(pool), talkTo(pool), talkTo(pool)].map((one, place) => {
      const line = ['until-closed', 'until-idle', 'until-size-below 1'][place] as string;
      pool.apply(untilAborted);
      return one.ask(line).then((answer) => answered.push(`${line}: ${answer}`));
    });
    await asked(talk, 'num-running');
    expect(answered).toEqual([]);
    await asked(talk, 'cancel-all');
    expect([...answered].sort()).toEqual(['until-idle: ok', 'until-size-below 1: ok']);
    await asked(talk, 'gather-and-close');
    await Promise.all(waits);
    expect(answered.at(-1)).toBe('until-closed: ok');
  });
});

describe('a simple pool', () => {
  test('start, stop, stop-all, func-name', async () => {
    const pool = simplePool(untilAborted, [], { poolSize: 4 });
    const talk = talkTo(pool);
    expect(await asked(talk, 'func-name', 'start 3', 'num-running')).toEqual([
      'untilAborted',
      'start-group-0',
      '3',
    ]);
    expect(await asked(talk, 'stop 2', 'num-running', 'stop 0')).toEqual(['2 1', '1', 'none']);
    expect(await asked(talk, 'start 5', 'num-running', 'stop-all', 'num-running')).toEqual([
      'start-group-1',
      '4',
      '6 5 4 3 0',
      '0',
    ]);
  });
});

describe('making tasks', () => {
  test('apply passes arguments, then an object of keywords', async () => {
    calls.length = 0;
    const pool = taskPool();
    const talk = talkTo(pool);
    await asked(
      talk,
      "apply record -a ['x', {y: null}, [1.5]]",
      'apply record -a [1] -k {z: true} -n 2',
      'apply record',
    );
    expect(calls.map((args) => args.slice(0, -1))).toEqual([
      ['x', { y: null }, [1.5]],
      [1, { z: true }],
      [1, { z: true }],
      [],
    ]);
    expect(calls[0]?.at(-1)).toMatchObject({ id: 0, poolName: pool.name });
  });

  test.each([
    ['map record [1, [2]]', [[1], [[2]]]],
    ['starmap record [[1, 2], []]', [[1, 2], []]],
    ['doublestarmap record [{a: 1}, {}]', [[{ a: 1 }], [{}]]],
  ])('%s', async (line, expected) => {
    calls.length = 0;
    const talk = talkTo(taskPool());
    const [method] = line.split(' ');
    expect(await asked(talk, line, 'num-running')).toEqual([`${method}-record-group-0`, '0']);
    expect(calls.map((args) => args.slice(0, -1))).toEqual(expected);
  });

  test('how many run at once, and what the group is called', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    expect(await asked(talk, 'map worker [1,2,3] -n 2 -g mine', 'num-running')).toEqual([
      'mine',
      '2',
    ]);
    expect(await talk.ask('map worker [1] -g mine')).toBe(
      "expected a group name not in use, got 'mine'",
    );
    expect(await asked(talk, 'cancel-group mine', 'num-running')).toEqual(['ok', '0']);
  });
});

describe('groups', () => {
  test('are listed, paused, resized and cancelled', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    expect(await asked(talk, 'groups', 'map worker [1,2,3,4] -g four', 'groups')).toEqual([
      'none',
      'four',
      [
        'GROUP  METHOD  FUNCTION      SOURCE  LIMIT  CREATED  RUNNING  ENDED',
        'four   map     untilAborted  open    1      1 of 4   1        0',
      ].join('\n'),
    ]);
    expect(await asked(talk, 'pause four', 'cancel 0', 'num-running')).toEqual(['ok', 'ok', '0']);
    expect(await talk.ask('groups')).toMatch(/ open, paused /);
    expect(await asked(talk, 'resume four', 'num-running')).toEqual(['ok', '1']);
    expect(
      await asked(talk, 'num-concurrent four', 'num-concurrent four 2', 'num-concurrent four'),
    ).toEqual(['1', 'ok', '2']);
    expect(await asked(talk, 'num-running', 'get-group-ids four')).toEqual(['2', '0 1 2']);
    expect(await talk.ask('get-group-ids four five')).toBe(
      `expected the name of a group of ${pool}, got 'five'`,
    );
    expect(await asked(talk, 'cancel-group four', 'groups')).toEqual(['ok', 'none']);
  });

  test('a pool is paused and resumed by the same commands without a group', async () => {
    const talk = talkTo(taskPool());
    await asked(talk, 'pause', 'map worker [1]');
    expect(await asked(talk, 'is-paused', 'num-running')).toEqual(['true', '0']);
    expect(await talk.ask('status')).toContain(', open, paused');
    expect(await asked(talk, 'resume', 'is-paused', 'num-running')).toEqual(['ok', 'false', '1']);
  });

  test('what has not started is cancelled, and a source is stopped', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    await asked(talk, 'map worker [1,2,3] -g a', 'map worker [1,2] -g b', 'stop-group a');
    expect(pool.group('a').progress).toMatchObject({ created: 1, planned: 1 });
    expect(await asked(talk, 'cancel-queued b', 'cancel-queued', 'num-running')).toEqual([
      'ok',
      'ok',
      '2',
    ]);
    expect(pool.group('b').progress).toMatchObject({ created: 1, planned: 1 });
    pool.cancelAll();
  });

  test('several are asked for at once', async () => {
    const talk = talkTo(taskPool());
    await asked(talk, 'apply record -g a -n 2', 'apply record -g b');
    expect(await asked(talk, 'get-group-ids a b', 'get-group-ids b')).toEqual(['0 1 2', '2']);
  });
});

describe('watching', () => {
  test('status is one screen', async () => {
    const pool = taskPool({ name: 'p', poolSize: 5 });
    const talk = talkTo(pool);
    await asked(talk, 'apply worker -n 7', 'apply fail', 'cancel 0');
    const lines = (await talk.ask('status')).split('\n');
    expect(lines).toEqual([
      'pool       TaskPool-p, open',
      'size       5',
      'running    5',
      'queued     2',
      'delayed    0',
      'cancelled  0',
      'ended      1 remembered',
      'groups     2',
      'totals     8 created, 6 started',
      '           0 fulfilled, 0 rejected, 1 cancelled',
      'retries    0',
      expect.stringMatching(/^waited {5}p95 [\d.]+ ms$/),
      expect.stringMatching(/^rate {7}\d+\.\d tasks ended per second$/),
      expect.stringMatching(/^events {5}\d+$/),
    ]);
    pool.cancelAll();
  });

  test('tasks are listed by state and by group', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    expect(await talk.ask('tasks')).toBe('none');
    await asked(talk, 'apply worker -g w -n 2', 'apply fail -g f -a ["no\\u001b[31m"]', 'cancel 1');
    const started = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z';
    const row = (...cells: string[]) => expect.stringMatching(new RegExp(`^${cells.join(' +')}$`));
    expect((await talk.ask('tasks')).split('\n')).toEqual([
      row('ID', 'GROUP', 'STATE', 'STARTED'),
      row('0', 'w', 'running', started),
      row('1', 'w', 'cancelled', started),
      row('2', 'f', 'rejected', started, 'Error: no\\\\x1b\\[31m'),
    ]);
    const ids = async (line: string) =>
      (await talk.ask(line))
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0]);
    expect(await ids('tasks --state ended')).toEqual(['1', '2']);
    expect(await ids('tasks -s ended -g w')).toEqual(['1']);
    expect(await ids('tasks -s running')).toEqual(['0']);
    expect(await ids('tasks --limit 2')).toEqual(['1', '2', 'The']);
    expect(await talk.ask('tasks --limit 2')).toMatch(/\nThe last 2; --limit N shows more\.$/);
    expect(await asked(talk, 'tasks -s queued', 'tasks -g nobody')).toEqual(['none', 'none']);
    pool.cancelAll();
  });

  test('journal shows the last events, or those from one on', async () => {
    const pool = taskPool({ journal: { size: 6 } });
    const talk = talkTo(pool);
    await asked(talk, 'apply record', 'lock');
    const seqs = async (line: string) =>
      (await talk.ask(line)).split('\n').map((line) => Number.parseInt(line, 10));
    expect(await seqs('journal')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await seqs('journal --limit 2')).toEqual([5, 6]);
    expect(await seqs('journal --since 4')).toEqual([4, 5, 6]);
    expect(await seqs('journal -s 2 -l 2')).toEqual([2, 3]);
    expect(await asked(talk, 'journal --since 7', 'journal -l 0')).toEqual(['none', 'none']);
    expect(await talk.ask('journal --since 0')).toMatch(/^expected a seq of at least 1/);
    expect(await talk.ask('journal -s 4 -l 1')).toMatch(
      /^4 \d{4}-\S+Z task\.started id=0 group=\S+$/,
    );
  });

  test('watch shows events until the next line', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    expect(await talk.ask('watch')).toBe('watching; the next line ends it');
    pool.lock();
    pool.poolSize = 3;
    expect(talk.take().map((line) => line.replace(/ \S+Z /, ' '))).toEqual([
      '1 pool.locked\n',
      '2 pool.resized poolSize=3\n',
    ]);
    expect(await talk.ask('is-locked')).toBe('true');
    pool.unlock();
    expect(talk.take()).toEqual([]);
  });

  test('watch is answered once: a first event that does not exist yet, or no more, is refused', async () => {
    const journal = new MemoryStore({ size: 2 });
    const pool = taskPool({ journal });
    const talk = talkTo(pool);
    const ask = async (line: string) => {
      await talk.session.receive(line);
      return talk.take();
    };
    expect(await ask('watch -s 7')).toEqual(['watch: expected --since to be at most 0, got 7\n']);
    for (const poolSize of [1, 2, 3, 4]) pool.poolSize = poolSize;
    await pool.untilDurable();
    expect(await ask('watch -s 0')).toEqual([
      expect.stringMatching(/^expected a seq of at least 3/),
    ]);
    expect(await ask('watch -s 3')).toEqual([
      'watching; the next line ends it\n',
      expect.stringMatching(/^4 /),
    ]);
    expect(await ask('watch -s 4')).toEqual(['watching; the next line ends it\n']);
  });

  test('an empty line ends it too, and it ends with its pool', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    await talk.ask('watch');
    expect(await talk.ask('')).toBe('');
    pool.lock();
    expect(talk.take()).toEqual([]);
    await talk.ask('watch pool.closed');
    await pool.gatherAndClose();
    await talk.session.settled();
    expect(talk.take()).toEqual([expect.stringMatching(/^3 \S+ pool\.closed\n$/)]);
    await talk.session.receive('watch');
    await talk.session.settled();
    expect(talk.take()).toEqual(['watching; the next line ends it\n']);
  });

  test('only some types are watched, each once', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    await talk.ask('watch pool.locked task.ended pool.locked');
    await pool.apply(record).settled();
    pool.lock();
    pool.unlock();
    expect(talk.take().map((line) => line.split(' ')[2])).toEqual(['task.ended', 'pool.locked\n']);
    expect(await talk.ask('watch pool.blocked')).toMatch(
      /^watch: expected TYPE to be a type of events, got pool\.blocked$/,
    );
  });
});

describe('the session', () => {
  test('turns to another pool by its name', async () => {
    const pools = [taskPool({ name: 'a' }), simplePool(untilAborted, [], { name: 'b' })];
    const talk = new Talk(pools);
    talk.session.greet();
    expect(talk.take()).toEqual(['TaskPool-a\n']);
    expect(await talk.ask('pools')).toBe('TaskPool-a\nSimpleTaskPool-b');
    expect(await talk.ask('func-name')).toMatch(/^expected a command of TaskPool/);
    expect(await asked(talk, 'use b', 'func-name')).toEqual(['SimpleTaskPool-b', 'untilAborted']);
    expect(await asked(talk, 'use TaskPool-a', 'use c', 'pool-size 3')).toEqual([
      'TaskPool-a',
      "expected one of TaskPool-a, SimpleTaskPool-b, got 'c'",
      'ok',
    ]);
    expect(pools.map(({ poolSize }) => poolSize)).toEqual([3, Number.POSITIVE_INFINITY]);
  });

  test('a full name comes before a short one', async () => {
    const pools = [taskPool({ name: 'TaskPool-b' }), taskPool({ name: 'b' })];
    expect(await new Talk(pools).ask('use TaskPool-b')).toBe('TaskPool-b');
  });

  test('is over after exit', async () => {
    const talk = new Talk(taskPool());
    expect(talk.session.isOver).toBe(false);
    expect(await talk.ask('exit')).toBe('ok');
    expect(talk.session.isOver).toBe(true);
    expect(await talk.ask('pool-size')).toBe('');
  });

  test('answers an empty line with an empty line', async () => {
    const talk = new Talk(taskPool());
    await talk.session.receive('  ');
    expect(talk.take()).toEqual(['\n']);
  });

  test('changes nothing if it is read-only', async () => {
    const pool = taskPool();
    const talk = new Talk(pool, { readOnly: true, functions });
    const refused = (name: string) =>
      `expected a command that changes nothing (read-only), got '${name}'`;
    const { seq } = pool.snapshot();
    for (const line of ['lock', 'cancel-all', 'apply worker', 'gather-and-close', 'flush']) {
      expect(await talk.ask(line)).toBe(refused(line.split(' ')[0] as string));
    }
    expect(await asked(talk, 'pool-size 3', 'pool-size', 'num-running')).toEqual([
      refused('pool-size'),
      'Infinity',
      '0',
    ]);
    expect(pool.snapshot().seq).toBe(seq);
  });

  test('refuses an answer that is too long', async () => {
    const talk = new Talk(taskPool(), { maxAnswer: 100 });
    expect(await asked(talk, 'help', 'is-full')).toEqual([
      'expected an answer of at most 100 characters, got a longer one: ask for less',
      'false',
    ]);
  });

  test('needs a pool', () => {
    expect(() => new Talk([])).toThrow('expected at least one pool, got none');
  });

  test('takes functions only', () => {
    expect(() => functionSource({ a: 1 as never })).toThrow(
      'expected functions.a to be a function, got number',
    );
  });
});

test('what hides in names and messages does not reach a terminal', async () => {
  const pool = taskPool({ name: 'p\u001b[2J\r\n\u009b' });
  const talk = new Talk(pool, { functions });
  talk.session.greet();
  expect(talk.take()).toEqual(['TaskPool-p\\x1b[2J\\x0d\\x0a\\x9b\n']);
  await pool.apply(fail, ['\u001b[31m\u2028']).settled();
  expect(await talk.ask('tasks')).toContain('\\x1b[31m\\u2028');
});

test('submit answers with what the function returns, when it is done', async () => {
  const gate = new Gate<unknown>();
  const pool = taskPool();
  const talk = new Talk(pool, {
    functions: functionSource({
      wait: () => gate.promise,
      add: (a: number, b: number) => a + b,
      fail,
    }),
  });
  expect(await talk.ask('submit add -a [1,2]')).toBe('3');
  expect(await talk.ask('submit fail -a ["no"]')).toBe('no');
  let answer: string | undefined;
  const asking = talk.ask('submit wait').then((text) => {
    answer = text;
  });
  await turn();
  expect(answer).toBeUndefined();
  gate.resolve(undefined);
  await asking;
  expect(answer).toBe('ok');
});
