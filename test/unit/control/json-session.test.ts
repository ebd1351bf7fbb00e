/** The JSON protocol: requests with ids, side by side. */

import { describe, expect, test } from 'vitest';
import { EVENT_VERSION } from 'xstate-taskpool';
import { functionSource } from 'xstate-taskpool/control';
import { Talk } from '../../support/control/talk.ts';
import { taskPool, turn, untilAborted } from '../../support/pools.ts';

const functions = functionSource({ worker: untilAborted });

function talkTo(pool = taskPool({ name: 'p' }), options = {}) {
  return new Talk(pool, { format: 'json', functions, ...options });
}

test('the greeting says which pools there are', () => {
  const both = [taskPool({ name: 'a' }), taskPool({ name: 'b' })];
  const talk = new Talk(both, { format: 'json' });
  talk.session.greet();
  expect(talk.answers()).toEqual([
    {
      ok: true,
      value: {
        pool: 'TaskPool-a',
        pools: ['TaskPool-a', 'TaskPool-b'],
        readOnly: false,
        uids: both.map(({ uid }) => uid),
      },
    },
  ]);
});

test('an answer has the id of its request, and a value', async () => {
  const talk = talkTo();
  expect(
    await talk.request(
      { id: 1, command: 'pool-size', args: { size: 3 } },
      { id: 'two', command: 'is-full' },
      { command: 'lock' },
      { id: 1, command: 'get-group-ids', args: { groups: ['g'] } },
    ),
  ).toEqual([
    { id: 1, ok: true, value: 3 },
    { id: 'two', ok: true, value: false },
    { ok: true, value: null },
    {
      id: 1,
      ok: false,
      error: {
        code: 'TaskGroupNotFound',
        message: "expected the name of a group of TaskPool-p, got 'g'",
      },
    },
  ]);
});

test('a line is run as a person typed it, and answered as text too', async () => {
  const talk = talkTo();
  const answers = await talk.request(
    { id: 1, line: 'apply worker -n 2 -g "a b"' },
    { id: 2, line: 'get-group-ids "a b"' },
    { id: 3, line: 'pool-size 2' },
    { id: 4, line: 'lock -h' },
    { id: 5, line: 'lock 1' },
  );
  expect(answers.sort((a, b) => Number(a.id) - Number(b.id))).toMatchObject([
    { id: 1, ok: true, value: 'a b', text: 'a b' },
    { id: 2, ok: true, value: [0], text: '0' },
    { id: 3, ok: true, value: 2, text: 'ok' },
    { id: 4, ok: true, text: expect.stringMatching(/^usage: lock/) },
    { id: 5, ok: false, error: { code: 'BadArguments' } },
  ]);
});

describe('malformed requests are answered', () => {
  const bad = (message: unknown, id?: unknown) => [
    { ...(id === undefined ? {} : { id }), ok: false, error: { code: 'BadRequest', message } },
  ];
  const oneOf = 'expected one of command, line and abort, got';
  const forms = 'expected command to be a string, line to be a non-empty string, abort to be an id';

  test.each([
    ['pool-size', bad(expect.stringMatching(/^expected a JSON object in one line \(/))],
    ['{"id":1', bad(expect.stringMatching(/^expected a JSON object in one line \(/))],
    ['[1]', bad('expected a JSON object, got an array')],
    ['null', bad('expected a JSON object, got null')],
    ['"x"', bad('expected a JSON object, got a string')],
    ['{"id":{},"command":"lock"}', bad('expected id to be a string or a number, got an object')],
    ['{"id":1}', bad(`${oneOf} none`, 1)],
    ['{"id":1,"command":"lock","line":"lock"}', bad(`${oneOf} command and line`, 1)],
    ['{"id":1,"command":5}', bad(forms, 1)],
    ['{"id":1,"line":" "}', bad(forms, 1)],
    ['{"id":1,"abort":{}}', bad(forms, 1)],
    [
      '{"id":1,"command":"watch","since":3}',
      bad(
        "expected a field of a request, got 'since': there are id, command, args, line, abort",
        1,
      ),
    ],
    [
      '{"id":1,"command":"watch","arg":{}}',
      bad("expected a field of a request, got 'arg': did you mean 'args'?", 1),
    ],
    [
      '{"id":1,"line":"watch","args":{"since":3}}',
      bad('expected args with a command: a line has its own, and an abort has none', 1),
    ],
    ['{"id":1,"abort":7}', bad('expected the id of a running request, got 7', 1)],
  ])('%s', async (line, answers) => {
    expect(await talkTo().request(line)).toEqual(answers);
  });

  test('and an empty line is none', async () => {
    expect(await talkTo().request('', '  ')).toEqual([]);
  });
});

describe('requests that wait', () => {
  test('do not keep others waiting', async () => {
    const pool = taskPool({ name: 'p' });
    const talk = talkTo(pool);
    pool.apply(untilAborted);
    await turn();
    for (const [id, command] of ['until-closed', 'gather-and-close', 'num-running'].entries()) {
      await talk.session.receive(JSON.stringify({ id, command }));
    }
    await turn();
    expect(talk.answers()).toEqual([{ id: 2, ok: true, value: 1 }]);
    pool.cancelAll();
    await talk.session.settled();
    expect(talk.answers()).toEqual(
      expect.arrayContaining([
        { id: 0, ok: true, value: null },
        { id: 1, ok: true, value: [] },
      ]),
    );
  });

  test('are given up by their id', async () => {
    const pool = taskPool({ name: 'p' });
    const talk = talkTo(pool);
    const gaveUp = {
      code: 'RequestAborted',
      message: 'expected an answer, the request was given up',
    };
    pool.apply(untilAborted);
    await turn();
    const commands = ['until-closed', 'until-idle', 'gather-and-close'];
    const requests = commands.map((command, id) => ({ id, command }));
    expect(
      await talk.request(...requests, ...requests.map(({ id }) => ({ id: `a${id}`, abort: id }))),
    ).toEqual(
      expect.arrayContaining(
        requests.flatMap(({ id }) => [
          { id, ok: false, error: gaveUp },
          { id: `a${id}`, ok: true, value: null },
        ]),
      ),
    );
    pool.cancelAll();
    await pool.untilClosed();
  });

  test('keep their id to themselves', async () => {
    const talk = talkTo();
    await talk.session.receive('{"id":1,"command":"until-closed"}');
    await talk.session.receive('{"id":1,"command":"pool-size"}');
    expect(talk.answers()).toEqual([
      {
        id: 1,
        ok: false,
        error: { code: 'BadRequest', message: 'expected an id that is not in use, got 1' },
      },
    ]);
    talk.session.end();
  });

  test('are not more than allowed', async () => {
    const talk = talkTo(taskPool(), { maxRequests: 2 });
    for (const id of [1, 2, 3]) {
      await talk.session.receive(JSON.stringify({ id, command: 'until-closed' }));
    }
    expect(talk.answers()).toEqual([
      {
        id: 3,
        ok: false,
        error: {
          code: 'LimitExceeded',
          message: 'expected at most 2 requests at once, got one more',
        },
      },
    ]);
    talk.session.end();
  });

  test('end with the session, and leave nothing behind in the pool', async () => {
    const pool = taskPool({ poolSize: 0 });
    pool.apply(untilAborted);
    const talk = talkTo(pool);
    for (const line of ['until-closed', 'until-idle', 'until-size-below 1', 'watch']) {
      await talk.session.receive(JSON.stringify({ line }));
    }
    talk.session.end();
    await talk.session.settled();
    pool.lock();
    expect(talk.take()).toEqual([]);
    pool.cancelAll();
  });

  test('fail at once when there is no more waiting', async () => {
    const talk = talkTo();
    talk.session.stopWaiting();
    const answers = await talk.request(
      { id: 1, command: 'until-closed' },
      { id: 2, line: 'watch' },
    );
    expect(answers).toEqual([
      expect.objectContaining({ id: 1, ok: false }),
      expect.objectContaining({ id: 2, ok: true, value: null }),
    ]);
  });
});

describe('watch', () => {
  test('sends events with the id of its request until it is given up', async () => {
    const pool = taskPool({ name: 'p' });
    const talk = talkTo(pool);
    await talk.session.receive('{"id":"all","command":"watch"}');
    await talk.session.receive('{"id":"some","command":"watch","args":{"types":["pool.locked"]}}');
    await talk.session.receive('{"command":"watch","args":{"types":["pool.unlocked"]}}');
    pool.lock();
    pool.unlock();
    const events = talk.answers();
    expect(events).toHaveLength(4);
    expect(events).toEqual(
      expect.arrayContaining([
        {
          id: 'all',
          event: expect.objectContaining({
            v: EVENT_VERSION,
            pool: 'p',
            type: 'pool.locked',
            seq: 1,
          }),
        },
        { id: 'some', event: expect.objectContaining({ type: 'pool.locked', seq: 1 }) },
        { id: 'all', event: expect.objectContaining({ type: 'pool.unlocked', seq: 2 }) },
        { event: expect.objectContaining({ type: 'pool.unlocked', seq: 2 }) },
      ]),
    );
    await talk.session.receive('{"id":2,"abort":"all"}');
    await turn();
    expect(talk.answers()).toEqual([
      { id: 2, ok: true, value: null },
      { id: 'all', ok: true, value: null },
    ]);
    pool.lock();
    expect(talk.answers()).toEqual([{ id: 'some', event: expect.anything() }]);
    talk.session.end();
  });

  test('ends with its pool', async () => {
    const pool = taskPool();
    const talk = talkTo(pool);
    await talk.session.receive('{"id":1,"command":"watch","args":{"types":["pool.closed"]}}');
    await pool.gatherAndClose();
    await talk.session.settled();
    expect(talk.answers()).toEqual([
      { id: 1, event: expect.objectContaining({ type: 'pool.closed' }) },
      { id: 1, ok: true, value: null },
    ]);
  });
});

test('exit is answered, and nothing after it', async () => {
  const talk = talkTo();
  expect(await talk.request({ id: 1, command: 'exit' }, { id: 2, command: 'lock' })).toEqual([
    { id: 1, ok: true, value: null },
  ]);
  expect(talk.session.isOver).toBe(true);
});

test('an answer that is too long is an error', async () => {
  const talk = talkTo(taskPool(), { maxAnswer: 200 });
  expect(await talk.request({ id: 1, command: 'help' })).toEqual([
    {
      id: 1,
      ok: false,
      error: {
        code: 'LimitExceeded',
        message: 'expected an answer of at most 200 characters, got a longer one: ask for less',
      },
    },
  ]);
});

test('errors have the code that they were thrown with, or their name', async () => {
  const odd = functionSource({
    plain: () => {
      throw new RangeError('out of range');
    },
    coded: () => {
      throw Object.assign(new Error('no\n such file'), { code: 'ENOENT' });
    },
    text: () => {
      // biome-ignore lint/style/useThrowOnlyError: people do.
      throw 'a text';
    },
    hostile: () => {
      throw Object.defineProperty({}, 'message', {
        get() {
          throw new Error('never');
        },
      });
    },
  });
  for (const [name, error] of Object.entries({
    plain: { code: 'RangeError', message: 'out of range' },
    coded: { code: 'ENOENT', message: 'no such file' },
    text: { code: 'string', message: 'a text' },
    hostile: { code: 'object', message: '{}' },
  })) {
    const talk = talkTo(taskPool(), { functions: odd });
    await talk.request({ line: `apply ${name}` });
    await turn();
    expect(await talk.request({ line: 'gather-and-close' })).toEqual([{ ok: false, error }]);
  }
});
