/** What a server does not put up with. */

import { describe, expect, test } from 'vitest';
import type { TaskContext } from 'xstate-taskpool';
import { type ServerLimits, TCPControlServer } from 'xstate-taskpool/control';
import { until } from '../../support/control/until.ts';
import { Wire } from '../../support/control/wire.ts';
import { memoryUsed } from '../../support/memory.ts';
import { withMoreTime } from '../../support/more-time.ts';
import { Log, taskPool, turn } from '../../support/pools.ts';

async function serve(limits: ServerLimits = {}) {
  const pool = taskPool({ name: 'p', logger: new Log() });
  const server = new TCPControlServer(pool, { port: 0, limits });
  return { pool, server, address: await server.listen() };
}

describe('a line that is too long', () => {
  const tooLong = 'expected a line of at most 100 bytes, got a longer one';

  test('is answered, and the session goes on', async () => {
    const { server, address } = await serve({ maxLineLength: 100 });
    const wire = await Wire.greeted(address);
    expect(await wire.ask(`complete ${'x'.repeat(91)}`)).toBe('');
    expect(await wire.ask(`complete ${'x'.repeat(92)}`)).toBe(tooLong);
    expect(await wire.ask('num-running')).toBe('0');
    const json = await Wire.greeted(address, { format: 'json' });
    json.send('x'.repeat(101));
    expect(await json.json()).toEqual({
      ok: false,
      error: { code: 'LimitExceeded', message: tooLong },
    });
    expect(await json.ask('{"command":"num-running"}')).toBe('{"ok":true,"value":0}');
    await server.close();
  });

  test('is not kept, however long it is', async () => {
    const { server, address } = await serve({ maxLineLength: 100 });
    const wire = await Wire.greeted(address);
    const before = await memoryUsed();
    const piece = Buffer.alloc(65_536, 'x');
    for (let i = 0; i < 500; i++) {
      if (!wire.socket.write(piece)) await new Promise((done) => wire.socket.once('drain', done));
    }
    // 33 MB were sent.
    expect((await memoryUsed()) - before).toBeLessThan(16);
    expect(await wire.ask('')).toBe(tooLong);
    expect(await wire.ask('is-full')).toBe('false');
    await server.close();
  });

  test('comes to an end for the first line as well', async () => {
    const { server, address } = await serve();
    const wire = await Wire.open(address);
    wire.send(`{"token":"${'x'.repeat(20_000)}"}`);
    expect(await wire.all()).toBe('expected a first line of at most 16384 bytes\n');
    const endless = await Wire.open(address);
    endless.socket.write('x'.repeat(16_385));
    expect(await endless.all()).toBe('expected a first line of at most 16384 bytes\n');
    await server.close();
  });
});

test.each([
  ['text', 'expected a line of UTF-8, got other bytes'],
  [
    'json',
    {
      ok: false,
      error: { code: 'BadRequest', message: 'expected a line of UTF-8, got other bytes' },
    },
  ],
])('a line that is not UTF-8 is answered, in %s', async (format, answer) => {
  const { server, address } = await serve();
  const wire = await Wire.greeted(address, { format });
  wire.socket.write(Buffer.from([0x6c, 0xff, 0xfe, 0x0a]));
  expect(format === 'json' ? await wire.json() : await wire.line()).toEqual(answer);
  wire.send(format === 'json' ? '{"command":"is-full"}' : 'is-full');
  expect(await wire.line()).toMatch(/false/);
  await server.close();
});

test('who says nothing at first is told so, and cut off', async () => {
  const { server, address } = await serve({ handshakeTimeout: 30 });
  const silent = await Wire.open(address);
  const half = await Wire.open(address);
  half.socket.write('{"terminal_width"');
  expect(await silent.all()).toBe('expected the first line within 30 ms\n');
  expect(await half.all()).toBe('expected the first line within 30 ms\n');
  await server.close();
});

test('who has said hello may be silent', async () => {
  await withMoreTime([100, 2000, 20_000], async (handshakeTimeout) => {
    const { server, address } = await serve({ handshakeTimeout });
    const wire = await Wire.greeted(address);
    await expect(Wire.open(address).then((other) => other.all())).resolves.toMatch(/^expected the/);
    expect(await wire.ask('is-full')).toBe('false');
    await server.close();
  });
});

test('there are only so many connections', async () => {
  const { server, address } = await serve({ maxConnections: 2 });
  const first = await Wire.greeted(address);
  await Wire.greeted(address);
  const third = await Wire.open(address);
  expect(await third.all()).toBe('expected at most 2 connections, got one more\n');
  first.close();
  await until(() => server.numConnections === 1);
  await Wire.greeted(address);
  await server.close();
});

test('there are only so many requests at once', async () => {
  const { server, address } = await serve({ maxRequests: 1 });
  const wire = await Wire.greeted(address, { format: 'json' });
  wire.send('{"id":1,"command":"until-closed"}');
  wire.send('{"id":2,"command":"num-running"}');
  expect(await wire.json()).toMatchObject({ id: 2, ok: false, error: { code: 'LimitExceeded' } });
  wire.send('{"abort":1}');
  expect(await wire.json()).toEqual({ ok: true, value: null });
  expect(await wire.json()).toMatchObject({ id: 1, ok: false });
  await server.close();
});

test('there are only so many requests of all clients at once', async () => {
  const { server, address } = await serve({ maxTotalRequests: 2 });
  const wires = [];
  for (let n = 0; n < 2; n++) {
    const wire = await Wire.greeted(address, { format: 'json' });
    wire.send('{"id":1,"command":"until-closed"}');
    wire.send('{"id":2,"line":"nonsense"}');
    expect(await wire.json()).toMatchObject({ id: 2, error: { code: 'CommandNotFound' } });
    wires.push(wire);
  }
  const third = await Wire.greeted(address, { format: 'json' });
  third.send('{"id":1,"command":"num-running"}');
  expect(await third.json()).toMatchObject({ id: 1, ok: false, error: { code: 'LimitExceeded' } });
  wires[0]?.close();
  await until(() => server.numConnections === 2);
  expect(await third.ask('{"command":"num-running"}')).toBe('{"ok":true,"value":0}');
  await server.close();
});

test('an answer that is longer than what may wait to be sent is an error', async () => {
  const { server, address } = await serve({ maxBuffered: 1000 });
  const wire = await Wire.greeted(address);
  expect(await wire.ask('help')).toBe(
    'expected an answer of at most 1000 characters, got a longer one: ask for less',
  );
  expect(await wire.ask('is-full')).toBe('false');
  await server.close();
});

describe('a client that never reads', () => {
  test.each(['text', 'json'])('is cut off when it watches, in %s', async (format) => {
    const { pool, server, address } = await serve({ maxBuffered: 100_000 });
    const reader = await Wire.greeted(address, { format: 'json' });
    const other = await Wire.greeted(address, { format });
    other.send(format === 'json' ? '{"command":"watch"}' : 'watch');
    if (format === 'text') await other.line();
    other.socket.pause();
    let events = 0;
    while (server.numConnections > 1) {
      for (let i = 0; i < 100; i++) {
        pool.lock();
        pool.unlock();
      }
      events += 200;
      await turn();
      expect(events).toBeLessThan(1e6);
    }
    expect(await reader.ask('{"command":"is-locked"}')).toBe('{"ok":true,"value":false}');
    await server.close();
  });

  test('waits with all that it has asked for by two listeners', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const { pool, server, address } = await serve();
    pool.map((text: string) => text, new Array(2000).fill('x'.repeat(100)));
    await pool.untilIdle();
    const wire = await Wire.greeted(address, { format: 'json' });
    wire.socket.pause();
    for (let id = 0; id < 20; id++) wire.send(`{"id":${id},"command":"watch","args":{"since":0}}`);
    const other = await Wire.greeted(address);
    for (let asked = 0; asked < 100; asked++) expect(await other.ask('num-running')).toBe('0');
    await turn();
    expect(warnings).toEqual([]);
    process.off('warning', warn);
    await server.close();
  });

  test('is not read from either, so that what waits for it stays small', async () => {
    const { server, address } = await serve({ maxBuffered: 1_000_000 });
    const wire = await Wire.greeted(address);
    wire.socket.pause();
    const lines = 'help\n'.repeat(10_000);
    let sent = 0;
    while (wire.socket.writableLength < 4e6) {
      wire.socket.write(lines);
      sent += 10_000;
      await turn();
      expect(sent).toBeLessThan(1e7);
    }
    const other = await Wire.greeted(address);
    expect(await other.ask('num-running')).toBe('0');
    expect(server.numConnections).toBe(2);
    wire.close();
    await until(() => server.numConnections === 1);
    await server.close();
  });
});

describe('all clients together', () => {
  test('hold only so much of lines that have not ended', async () => {
    const limits = { maxTotalReceived: 8_000_000 };
    const { server, address } = await serve(limits);
    const before = await memoryUsed();
    const piece = 'x'.repeat(1_000_000);
    const wires = await Promise.all(Array.from({ length: 40 }, () => Wire.greeted(address)));
    for (const wire of wires) wire.socket.write(piece);
    await until(() => server.numConnections < 10);
    expect((await memoryUsed()) - before).toBeLessThan(60);
    const other = await Wire.greeted(address);
    expect(await other.ask('num-running')).toBe('0');
    const answers = await Promise.all(
      wires.filter(({ socket }) => socket.readableEnded).map((wire) => wire.all()),
    );
    expect(answers.join('')).toContain(
      'expected at most 8000000 bytes of unfinished lines from all clients together, got more',
    );
    await server.close();
  });

  test.each(['text', 'json'])(
    'that do not read hold only so much of events, in %s',
    async (format) => {
      const { pool, server, address } = await serve({ maxTotalBuffered: 4_000_000 });
      const watchers = await Promise.all(
        Array.from({ length: 50 }, () => Wire.greeted(address, { format })),
      );
      for (const [id, wire] of watchers.entries()) {
        wire.send(format === 'json' ? JSON.stringify({ id, command: 'watch' }) : 'watch');
        if (format === 'text') await wire.line();
        wire.socket.pause();
      }
      const reader = await Wire.greeted(address, { format: 'json' });
      await reader.ask('{"command":"is-full"}');
      const before = await memoryUsed();
      const report = async (size: string, { report }: TaskContext) => report(size);
      const large = 'x'.repeat(50_000);
      let longest = 0;
      for (let i = 0; i < 300 && server.numConnections > 1; i++) {
        const start = process.cpuUsage();
        pool.map(report, [large, large, large]);
        await turn();
        const { user, system } = process.cpuUsage(start);
        longest = Math.max(longest, user + system);
      }
      expect((await memoryUsed()) - before).toBeLessThan(100);
      // To make text of each event for each client took sixteen seconds.
      expect(longest).toBeLessThan(4e6);
      expect(await reader.ask('{"command":"is-locked"}')).toBe('{"ok":true,"value":false}');
      await server.close();
    },
  );
});
