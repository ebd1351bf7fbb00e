/** A server that does not mean well: nothing it sends gets to the terminal as it is, or ends badly. */

import { describe, expect, test } from 'vitest';
import { type Ended, taskpool } from '../../../support/command-line.ts';
import { fakeServer, GREETING } from '../../../support/control/fake-server.ts';

const NASTY = 'a\u001b[2J\u009b\u202e\u007f\ud800';
const EVENT = { v: 2, pool: NASTY, seq: 1, at: 0, type: 'task.queued', [NASTY]: NASTY };

/** What the client does with a greeting and an answer; the answer goes without its id. */
async function meet(greeting: string, answer: object | string, ...args: string[]): Promise<Ended> {
  await using server = await fakeServer((line, socket) => {
    const { id } = JSON.parse(line) as { id?: number };
    if (id === undefined) socket.write(greeting);
    else if (typeof answer === 'string') socket.write(answer);
    else socket.write(`${JSON.stringify({ id, ...answer })}\n`);
  });
  const address = ['control', 'tcp', '127.0.0.1', String(server.port)];
  const ended = await taskpool([...address, ...args, '--', 'status']);
  const shown = ended.stdout + ended.stderr;
  expect(shown).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|\p{Bidi_Control}/u);
  expect(shown).not.toMatch(/^\s+at /m);
  return ended;
}

describe('a server', () => {
  test.each([
    ['greets in escape sequences', `${NASTY}\n`],
    ['refuses in escape sequences', `{"ok":false,"error":{"code":"X","message":"${NASTY}"}}\n`],
    ['greets in another form', '{"ok":true,"value":{"pool":null}}\n'],
    ['greets with nothing', 'null\n'],
    ['never ends its greeting', 'x'.repeat(2_000_000)],
  ])('that %s is no server', async (_, greeting) => {
    const { exitCode, stderr } = await meet(greeting, {});
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/^taskpool: no connection to .+\n$/),
    });
  });

  test('that answers in escape sequences is shown as it is', async () => {
    const answer = { ok: true, value: NASTY, text: NASTY };
    expect((await meet(GREETING, answer)).stdout).toBe('a\\x1b[2J\\x9b\\u202e\\x7f\\ud800\n');
    const { stdout } = await meet(GREETING, answer, '--json');
    expect(JSON.parse(stdout)).toEqual({ ok: true, value: NASTY });
  });

  test('that refuses in several lines is shown in one', async () => {
    const error = { code: 'X', message: `${NASTY}\nok` };
    const { exitCode, stderr } = await meet(GREETING, { ok: false, error });
    expect(exitCode).toBe(1);
    expect(stderr).toBe('taskpool: a\\x1b[2J\\x9b\\u202e\\x7f\\ud800 ok\n');
  });

  test.each([[], ['--json']])('whose events hide something is shown it %j', async (...args) => {
    const text = `${JSON.stringify({ id: 0, event: EVENT })}\n{"id":0,"ok":true,"value":null}\n`;
    const { exitCode, stdout } = await meet(GREETING, text, ...args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/task\.queued.*u202e/);
  });

  test.each([
    ['an event that is null', { event: null }],
    ['an event of no time', { event: { ...EVENT, at: 'x' } }],
    ['an error that is none', { ok: false, error: null }],
    ['a text that is none', { ok: true, value: null, text: {} }],
  ])('that answers with %s is left', async (_, answer) => {
    const { exitCode, stderr } = await meet(GREETING, answer);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/^taskpool: lost the connection to .+: expected .+\n$/),
    });
  });
});
