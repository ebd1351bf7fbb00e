/** `connect`: the commands as methods, over real sockets. */

import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { type PoolEvent, TaskPoolError } from 'xstate-taskpool';
import {
  COMMANDS,
  CommandRefused,
  ConnectionFailed,
  ConnectionLost,
  type ConnectOptions,
  type ControlClient,
  connect,
  LimitExceeded,
} from 'xstate-taskpool/control';
import { hasOpenssl, makeCertificate } from '../../support/certificates.ts';
import { fakeServer, GREETING } from '../../support/control/fake-server.ts';
import {
  closeServers,
  serveTcp,
  serveUnix,
  temporaryFolder,
} from '../../support/control/served.ts';
import { isPending, rejectionOf } from '../../support/observing.ts';
import { simplePool, taskPool, untilAborted } from '../../support/pools.ts';

const EVENT = '{"v":2,"pool":"0","seq":1,"at":0,"type":"pool.locked"}';

const clients: ControlClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await closeServers();
});

async function open(options: ConnectOptions): Promise<ControlClient> {
  const client = await connect(options);
  clients.push(client);
  return client;
}

describe('commands', () => {
  test('are methods, every one', async () => {
    const { port } = await serveTcp(taskPool());
    const client = await open({ port });
    for (const key of Object.keys(COMMANDS)) expect(client).toHaveProperty(key);
  });

  test('answer with values', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine', poolSize: 4 });
    const { port } = await serveTcp(pool);
    const client = await open({ port });
    expect(client.greeting).toEqual({
      pool: 'SimpleTaskPool-mine',
      pools: ['SimpleTaskPool-mine'],
      readOnly: false,
      uids: [pool.uid],
    });
    expect(await client.poolSize()).toBe(4);
    expect(await client.poolSize(10)).toBe(10);
    expect(await client.poolSize(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(pool.poolSize).toBe(Number.POSITIVE_INFINITY);
    expect(await client.lock()).toBeUndefined();
    expect(await client.isLocked()).toBe(true);
    await client.unlock();
    expect(await client.start(5)).toBe('start-group-0');
    expect(await client.stop(3)).toEqual([4, 3, 2]);
    expect(await client.getGroupIds('start-group-0')).toEqual([0, 1, 2, 3, 4]);
    expect(await client.cancel(0, 1)).toBeUndefined();
    expect(await client.tasks({ state: 'running' })).toEqual([]);
    expect(await client.groups()).toEqual(pool.snapshot().groups);
    expect(await client.status()).toMatchObject({ name: 'mine', status: 'open' });
    expect(await client.gatherAndClose({ returnExceptions: true })).toEqual([]);
    expect(await client.isClosed()).toBe(true);
  });

  test('take options after positional parameters', async () => {
    const pool = taskPool();
    const given: unknown[][] = [];
    const note = (...args: unknown[]) => void given.push(args.slice(0, -1));
    const { path } = await serveUnix(pool, { functions: { note } });
    const client = await open({ path });
    expect(await client.apply('note', { args: ['é\u2028', { a: [1] }], groupName: 'one' })).toBe(
      'one',
    );
    expect(await client.map('note', [1, 2], { numConcurrent: 2 })).toMatch(/^map-note-group-/);
    expect(await client.starmap('note', [[3, 4]])).toMatch(/^starmap-note-group-/);
    await client.untilIdle();
    expect(given).toEqual([['é\u2028', { a: [1] }], [1], [2], [3, 4]]);
  });

  test('turn to other pools', async () => {
    const other = taskPool({ name: 'other' });
    const { port } = await serveTcp(taskPool(), { pools: [other] });
    const client = await open({ port });
    expect(await client.use('other')).toBe('TaskPool-other');
    await client.lock();
    expect(other.isLocked).toBe(true);
  });

  test('that are refused reject with the code of the error there', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine' });
    pool.lock();
    const { port } = await serveTcp(pool);
    const client = await open({ port });
    const error = await rejectionOf(client.start(1));
    expect(error).toBeInstanceOf(CommandRefused);
    expect(error).toBeInstanceOf(TaskPoolError);
    expect(error).toMatchObject({
      name: 'CommandRefused',
      code: 'PoolIsLocked',
      message: 'expected an open pool for new tasks, got SimpleTaskPool-mine, which is locked',
    });
    expect(await rejectionOf(client.cancel(7))).toMatchObject({ code: 'TaskNotFound' });
    expect(await rejectionOf(client.poolSize('x' as never))).toMatchObject({
      code: 'BadArguments',
    });
    expect(await rejectionOf(client.map('f', []))).toMatchObject({ code: 'CommandNotFound' });
    expect(await client.isLocked()).toBe(true);
  });

  test('run at once, each with its own answer', async () => {
    const pool = simplePool(untilAborted);
    const { port } = await serveTcp(pool);
    const client = await open({ port });
    const closed = client.untilClosed();
    const sizes = await Promise.all(Array.from({ length: 500 }, (_, n) => client.poolSize(n)));
    expect(sizes).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(await isPending(closed)).toBe(true);
    await client.gatherAndClose();
    expect(await closed).toBeUndefined();
  });
});

describe('a connection', () => {
  test('that drops rejects what is pending, and what comes after', async () => {
    await using server = await fakeServer((line, socket) => {
      const { id, command } = JSON.parse(line) as { id?: number; command?: string };
      if (id === undefined) socket.write(GREETING);
      if (command === 'num-running') socket.destroy();
    });
    const client = await open({ port: server.port });
    const pending = rejectionOf(client.untilClosed());
    const loop = rejectionOf(collect(client.watch()));
    const last = rejectionOf(client.numRunning());
    const loss = await client.ended;
    expect(loss).toBeInstanceOf(ConnectionLost);
    expect(loss).toMatchObject({
      code: 'ConnectionLost',
      message: expect.stringContaining(`:${server.port}`),
    });
    expect(await Promise.all([pending, loop, last])).toEqual([loss, loss, loss]);
    expect(await rejectionOf(client.numRunning())).toBe(loss);
  });

  test('whose server is closed gets what is pending back, and its loops end', async () => {
    const { server, port } = await serveTcp(simplePool(untilAborted));
    const client = await open({ port });
    const pending = rejectionOf(client.untilClosed());
    const loop = collect(client.watch());
    await client.numRunning();
    await server.close();
    expect(await pending).toMatchObject({ name: 'CommandRefused', code: 'RequestAborted' });
    expect(await loop).toEqual([]);
    expect(await client.ended).toBeInstanceOf(ConnectionLost);
  });

  test('that is closed here rejects what is pending, and ends loops', async () => {
    const { server, port } = await serveTcp(simplePool(untilAborted));
    const client = await open({ port });
    const pending = rejectionOf(client.untilClosed());
    const loop = collect(client.watch());
    await client.numRunning();
    await Promise.all([client.close(), client.close()]);
    expect(await pending).toBeInstanceOf(ConnectionLost);
    expect(await loop).toEqual([]);
    expect(await client.ended).toBeUndefined();
    expect(await rejectionOf(client.numRunning())).toBeInstanceOf(ConnectionLost);
    while (server.numConnections > 0) await new Promise(setImmediate);
  });

  test('is closed at the end of its block', async () => {
    const { server, port } = await serveTcp(simplePool(untilAborted));
    {
      await using client = await connect({ port });
      expect(await client.numRunning()).toBe(0);
    }
    while (server.numConnections > 0) await new Promise(setImmediate);
  });

  test.skipIf(!hasOpenssl)('with TLS and a token', async () => {
    const ours = await makeCertificate(await temporaryFolder(), 'ours');
    const { port } = await serveTcp(taskPool(), { tls: ours, token: 'secret' });
    const tls = { ca: ours.cert };
    const client = await open({ host: 'localhost', port, tls, token: 'secret' });
    expect(await client.numRunning()).toBe(0);
    const untrusting = await rejectionOf(connect({ port, tls: true, token: 'secret' }));
    expect(untrusting).toBeInstanceOf(ConnectionFailed);
    const unknown = await rejectionOf(connect({ port, tls, token: 'wrong' }));
    expect(unknown).toBeInstanceOf(ConnectionFailed);
    expect(unknown).toMatchObject({
      code: 'ConnectionFailed',
      cause: { name: 'CommandRefused', code: 'NotAuthorized' },
    });
    expect(String(unknown)).not.toMatch(/secret|wrong/);
  });

  test('tells nobody the token who could be listening in', async () => {
    const lines: string[] = [];
    await using server = await fakeServer((line) => lines.push(line), '0.0.0.0');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    // A machine without a network has nobody to listen in.
    if (outside === undefined) return;
    const options = { host: outside.address, port: server.port, timeout: 1000 };
    const error = await rejectionOf(connect({ ...options, token: 'secret' }));
    expect(error).toBeInstanceOf(ConnectionFailed);
    expect(error).toMatchObject({ message: expect.stringMatching(/expected tls, or no token/) });
    expect(lines).toEqual([]);
  });

  test('to a server that says nothing is given up', async () => {
    await using server = await fakeServer(() => {});
    const error = await rejectionOf(connect({ port: server.port, timeout: 50 }));
    expect(error).toBeInstanceOf(ConnectionFailed);
    expect(error).toMatchObject({ message: expect.stringContaining('within 50 ms') });
  });

  test.each([
    ['says what no control server says', 'HTTP/1.1 400 Bad Request\r\n'],
    ['greets in another form', '{"ok":true,"value":{"pool":5}}\n'],
    ['refuses', '{"ok":false,"error":{"code":"NotAuthorized","message":"no"}}\n'],
  ])('to a server that %s is given up, and the socket closed', async (_, greeting) => {
    const closed: Promise<unknown>[] = [];
    await using server = await fakeServer((_line, socket) => {
      closed.push(once(socket, 'close'));
      socket.write(greeting);
    });
    expect(await rejectionOf(connect({ port: server.port }))).toBeInstanceOf(ConnectionFailed);
    expect(closed).toHaveLength(1);
    await closed[0];
  });

  test('to a server whose first line has no end is given up', async () => {
    await using server = await fakeServer((_line, socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', flood);
      flood();
    });
    const error = await rejectionOf(connect({ port: server.port }));
    expect(error).toMatchObject({
      code: 'ConnectionFailed',
      message: expect.stringMatching(/expected a line of at most 1048576 characters/),
    });
  });

  test.each([
    ['an event that is null', '"event":null'],
    ['an event whose time is a text', `"event":${EVENT.replace('"at":0', '"at":"x"')}`],
    ['an event of no time', `"event":${EVENT.replace('"at":0', '"at":1e300')}`],
    ['an event of no type', `"event":${EVENT.replace('"pool.locked"', '5')}`],
    ['an event that is a list', '"event":[]'],
    ['a text that is none', '"ok":true,"value":1,"text":5'],
    ['an error that is null', '"ok":false,"error":null'],
    ['an error without a message', '"ok":false,"error":{"code":"X"}'],
    ['an error that is a text', '"ok":false,"error":"no"'],
  ])('that answers with %s is lost, with a reason', async (_, fields) => {
    await using server = await fakeServer((line, socket) => {
      const { id } = JSON.parse(line) as { id?: number };
      socket.write(id === undefined ? GREETING : `{"id":${id},${fields}}\n`);
    });
    const client = await open({ port: server.port });
    const error = await rejectionOf(client.numRunning());
    expect(error).toBeInstanceOf(ConnectionLost);
    expect(error).toMatchObject({ message: expect.stringMatching(/: expected an? .+, got /) });
  });

  test('whose refusals hide something shows it', async () => {
    const message = 'no\u001b[2J\u202e\n> rm -rf';
    await using server = await fakeServer((line, socket) => {
      const { id } = JSON.parse(line) as { id?: number };
      const error = { code: 'X\u009b', message };
      socket.write(id === undefined ? GREETING : `${JSON.stringify({ id, ok: false, error })}\n`);
    });
    const client = await open({ port: server.port });
    expect(await rejectionOf(client.numRunning())).toMatchObject({
      code: 'X\\x9b',
      message: 'no\\x1b[2J\\u202e > rm -rf',
    });
  });

  test('may give lines in pieces, and several at once', async () => {
    await using server = await fakeServer((line, socket) => {
      const { id } = JSON.parse(line) as { id?: number };
      if (id === undefined) socket.write(GREETING);
      if (id !== 1) return;
      const text = Buffer.from(
        '{"id":0,"ok":true,"value":"é"}\n{"id":1,"ok":true,"value":"ü"}\nnot JSON\n',
      );
      const middle = text.indexOf('é') + 1;
      socket.write(text.subarray(0, middle));
      setImmediate(() => socket.write(text.subarray(middle)));
    });
    const client = await open({ port: server.port });
    expect(await Promise.all([client.funcName(), client.funcName()])).toEqual(['é', 'ü']);
  });

  test.each<[string, unknown, RegExp]>([
    ['nothing', {}, /^expected a port or a path, got neither$/],
    ['a port that is none', { port: 0 }, /^expected port to be an integer from 1 to 65535, got 0$/],
    ['an empty path', { path: '' }, /^expected path to be the path of a file, got ''$/],
    ['an empty host', { host: '', port: 1 }, /^expected host to be a name or an address, got ''$/],
    ['an empty token', { port: 1, token: '' }, /^expected token to be a non-empty string$/],
    [
      'no time',
      { port: 1, timeout: 0 },
      /^expected timeout to be a number of milliseconds from 1 to \d+, got 0$/,
    ],
  ])('cannot be had with %s', async (_, options, message) => {
    const error = await rejectionOf(connect(options as ConnectOptions));
    expect((error as Error).message).toMatch(message);
    expect(error).not.toBeInstanceOf(ConnectionFailed);
  });
});

describe('a watch', () => {
  test('has the events after the commands before it, of the types asked for', async () => {
    const pool = simplePool(untilAborted);
    const { port } = await serveTcp(pool);
    const client = await open({ port });
    void client.start(1);
    const events = client.watch('task.started', 'task.ended');
    void client.start(2);
    void client.stopAll();
    const seen: [string, number][] = [];
    for await (const event of events) {
      seen.push([event.type, event.id]);
      if (seen.length === 5) break;
    }
    expect(seen.slice(0, 2)).toEqual([
      ['task.started', 1],
      ['task.started', 2],
    ]);
    expect(seen.slice(2).map(([type]) => type)).toEqual(Array(3).fill('task.ended'));
  });

  test('sees all that the journal holds, and ends with the pool', async () => {
    const pool = simplePool(async () => 1);
    const { port } = await serveTcp(pool);
    const client = await open({ port });
    const events = collect(client.watch());
    // Several at once get one each.
    const watch = client.watch();
    const firstTwo = Promise.all([watch.next(), watch.next()]);
    void client.start(1000);
    await client.gatherAndClose();
    expect((await firstTwo).map(({ value }) => value?.seq)).toEqual([1, 2]);
    expect(await events).toEqual(pool.journal.events({ fromSeq: 1 }));
  });

  test('that is left is over for the server too', async () => {
    const { port } = await serveTcp(taskPool(), { limits: { maxRequests: 2 } });
    const client = await open({ port });
    for (let n = 0; n < 10; n++) {
      const watch = client.watch();
      await client.lock();
      await client.unlock();
      for await (const { type } of watch) {
        expect(type).toBe('pool.locked');
        break;
      }
      expect(await watch.next()).toEqual({ done: true, value: undefined });
    }
  });

  test('of a type there is not is refused', async () => {
    const { port } = await serveTcp(taskPool());
    const client = await open({ port });
    const error = await rejectionOf(collect(client.watch('task.lost' as 'task.ended')));
    expect(error).toMatchObject({ name: 'CommandRefused', code: 'BadArguments' });
  });

  test('that nobody reads fails once 100,000 events wait, and nothing else does', async () => {
    let aborted: unknown;
    await using server = await fakeServer((line, socket) => {
      const request = JSON.parse(line) as { id?: number; command?: string; abort?: number };
      if (request.abort !== undefined) aborted = request.abort;
      else if (request.command === 'watch') {
        for (let n = 0; n < 11; n++) socket.write(`{"id":0,"event":${EVENT}}\n`.repeat(10_000));
      } else if (request.id === undefined) socket.write(GREETING);
      else socket.write(`{"id":${request.id},"ok":true,"value":3}\n`);
    });
    const client = await open({ port: server.port });
    const watch = client.watch();
    expect(await client.numRunning()).toBe(3);
    let seen = 0;
    const error = await rejectionOf(
      (async () => {
        for await (const _ of watch) seen++;
      })(),
    );
    expect(error).toBeInstanceOf(LimitExceeded);
    expect(seen).toBe(100_000);
    expect(await client.numRunning()).toBe(3);
    expect(aborted).toBe(0);
  });
});

async function collect(events: AsyncIterable<PoolEvent>): Promise<PoolEvent[]> {
  const collected: PoolEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}
