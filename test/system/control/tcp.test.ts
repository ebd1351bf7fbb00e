/** The server on TCP: where it listens, whom it lets in, and how it ends. */

import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { TCPControlServer, type TCPControlServerOptions } from 'xstate-taskpool/control';
import { builtProgram } from '../../support/built.ts';
import { Wire } from '../../support/control/wire.ts';
import { Log, taskPool, untilAborted } from '../../support/pools.ts';

const serve = async (options: Partial<TCPControlServerOptions> = {}, pool = taskPool()) => {
  const server = new TCPControlServer(pool, { port: 0, ...options });
  return { pool, server, address: await server.listen() };
};

describe('listening', () => {
  test('is on the loopback interface, and says where', async () => {
    const { server, address } = await serve();
    expect(address).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address: host } of others) {
      await expect(Wire.open({ host, port: address.port })).rejects.toThrow('ECONNREFUSED');
    }
    await server.close();
  });

  test('is by its own process, also in a worker of node:cluster, which would share the port', async () => {
    const program = builtProgram('test/system/programs/shared-ports.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toBe('one\none\ntwo\ntwo\n');
  });

  test.each(['localhost', '127.0.0.2', '::1', '::ffff:127.0.0.1'])(
    'is allowed on %s',
    async (host) => {
      const { server, address } = await serve({ host }).catch((error: NodeJS.ErrnoException) => {
        // The machine has no such address: it was allowed, and failed.
        expect(error.code).toBe('EADDRNOTAVAIL');
        return { server: undefined, address: undefined };
      });
      if (server !== undefined) {
        const wire = await Wire.greeted(address);
        wire.close();
        await server.close();
      }
    },
  );

  test.each([
    ['0.0.0.0', {}, 'token and tls'],
    ['::', {}, 'token and tls'],
    ['', {}, 'token and tls'],
    ['192.0.2.1', {}, 'token and tls'],
    ['0.0.0.0', { token: 'secret' }, 'tls'],
    ['0.0.0.0', { tls: {} }, 'token'],
  ])('on %j with %j is refused without %s', async (host, options, missing) => {
    await expect(serve({ host, ...options })).rejects.toMatchObject({
      code: 'UnsafeAddress',
      message: `expected a loopback host, or token and tls, got ${host || "''"} without ${missing}`,
    });
  });

  test('fails where another server listens, and may be tried once', async () => {
    const { server, address } = await serve();
    const second = new TCPControlServer(taskPool(), { port: address.port });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
    await second.listen();
    await expect(second.listen()).rejects.toThrow('expected a server that has not listened before');
    await second.close();
  });

  test('is over after close, which may be called at any time', async () => {
    const unused = new TCPControlServer(taskPool(), { port: 0 });
    await unused.close();
    await expect(unused.listen()).rejects.toThrow('expected a server that has not listened before');
    const { server, address } = await serve();
    const wire = await Wire.greeted(address);
    const closing = server.close();
    expect(server.close()).toBe(closing);
    await closing;
    expect(await wire.all()).toBe('');
    await expect(Wire.open(address)).rejects.toThrow('ECONNREFUSED');
  });

  test('ends with its scope', async () => {
    const { server, address } = await serve();
    await server[Symbol.asyncDispose]();
    await expect(Wire.open(address)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('invalid options are refused', () => {
  const pool = taskPool({ name: 'p' });
  const make = (options: object) => () => new TCPControlServer(pool, { port: 0, ...options });

  test.each([
    [{ port: -1 }, 'expected port to be an integer from 0 to 65535, got -1'],
    [{ port: '80' }, "expected port to be a number, got '80'"],
    [{ host: null }, 'expected host to be a name or an address, got null'],
    [{ host: false }, 'expected host to be a name or an address, got false'],
    [{ host: 0 }, 'expected host to be a name or an address, got 0'],
    [{ host: ['127.0.0.1'] }, 'expected host to be a name or an address, got an array of 1'],
    [{ tls: false }, 'expected tls to be an object, got false'],
    [{ tls: null }, 'expected tls to be an object, got null'],
    [{ readOnly: 'no' }, "expected readOnly to be true or false, got 'no'"],
    [{ token: null }, 'expected token to be a non-empty string'],
    [{ token: '' }, 'expected token to be a non-empty string'],
    [{ token: 5 }, 'expected token to be a non-empty string'],
    [{ functions: { f: 'x' } }, 'expected functions.f to be a function, got string'],
    [
      { limits: { maxConnections: 0 } },
      'expected limits.maxConnections to be a positive integer, got 0',
    ],
    [{ limits: { max: 1 } }, /^expected an option of limits, got 'max': there are maxLineLength, /],
    [
      { pools: [taskPool({ name: 'p' })] },
      'expected pools of different names, got two of the name TaskPool-p',
    ],
  ])('%#', (options, message) => {
    expect(make(options)).toThrow(message);
  });

  test('but a pool may be given twice', () => {
    expect(make({ pools: [pool] })).not.toThrow();
  });
});

describe('a token', () => {
  const token = 'a long secret: äöü';

  test('lets in', async () => {
    const { server, address } = await serve({ token });
    const wire = await Wire.open(address);
    wire.send(JSON.stringify({ terminal_width: 80, token }));
    expect(await wire.line()).toMatch(/^TaskPool-/);
    expect(await wire.ask('num-running')).toBe('0');
    await server.close();
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['wrong', 'a long secret: äöx'],
    ['cut', token.slice(0, -1)],
    ['longer', `${token} `],
    ['in other case', token.toUpperCase()],
  ])('that is %s does not', async (_, given) => {
    const { server, address, pool } = await serve({ token });
    const wire = await Wire.open(address);
    wire.socket.write(`${JSON.stringify({ token: given })}\nlock\n`);
    expect(await wire.all()).toBe('expected the token of the server in the first line\n');
    expect(pool.isLocked).toBe(false);
    const json = await Wire.open(address);
    json.send(JSON.stringify({ token: given, format: 'json' }));
    expect(JSON.parse(await json.all())).toEqual({
      ok: false,
      error: {
        code: 'NotAuthorized',
        message: 'expected the token of the server in the first line',
      },
    });
    await server.close();
  });

  test('that nobody asked for does no harm', async () => {
    const { server, address } = await serve();
    const wire = await Wire.greeted(address, { token: 'anything' });
    expect(await wire.ask('is-full')).toBe('false');
    await server.close();
  });
});

describe('the first line', () => {
  const example = 'expected the first line to be a JSON object like {"terminal_width": 80}';

  test.each([
    ['lock', example],
    ['', example],
    ['GET / HTTP/1.1', example],
    ['[]', example],
    ['null', example],
    ['{"terminal_width": 80', example],
    ['{"terminal_width":"80"}', 'expected terminal_width to be a number, got a string'],
    ['{"format":"xml"}', 'expected format to be "text" or "json"'],
    ['{"token":1}', 'expected token to be a string, got a number'],
  ])('%s is answered, and the connection ends', async (line, message) => {
    const { server, address, pool } = await serve();
    const wire = await Wire.open(address);
    wire.socket.write(`${line}\r\nHost: x\n\n{}\nlock\n`);
    expect(await wire.all()).toBe(`${message}\n`);
    expect(pool.isLocked).toBe(false);
    await server.close();
  });

  test.each([
    [{}, 80],
    [{ terminal_width: 60 }, 60],
    [{ terminal_width: 0 }, 40],
    [{ terminal_width: 1e9, more: 'ignored' }, 1000],
  ])('%j lays help out for %i columns', async (info, width) => {
    const { server, address } = await serve();
    const wire = await Wire.greeted(address, info);
    wire.send('-h');
    wire.send('exit');
    const lengths = (await wire.all()).split('\n').map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(width);
    expect(Math.max(...lengths)).toBeGreaterThan(Math.min(width, 76) - 15);
    await server.close();
  });
});

describe('a session', () => {
  test('takes lines in pieces, several at once, and with carriage returns', async () => {
    const { server, address } = await serve();
    const wire = await Wire.greeted(address);
    for (const byte of 'pool-size 3') wire.socket.write(byte);
    expect(await wire.ask('')).toBe('ok');
    wire.socket.write('pool-size\r\nis-full\r\nnum-');
    expect([await wire.line(), await wire.line()]).toEqual(['3', 'false']);
    expect(await wire.ask('running')).toBe('0');
    await server.close();
  });

  test('does not run a line that was not finished', async () => {
    const { server, address, pool } = await serve();
    const wire = await Wire.greeted(address);
    wire.socket.end('is-locked\nlock');
    expect(await wire.all()).toBe('false\n');
    expect(pool.isLocked).toBe(false);
    await server.close();
  });

  test('waits for nothing after the client has ended its side', async () => {
    const { server, address } = await serve();
    const gaveUp = 'expected an answer, the request was given up';
    for (const line of ['until-closed', 'watch']) {
      const wire = await Wire.greeted(address);
      wire.socket.end(`${line}\nnum-running\n`);
      const first = line === 'watch' ? 'watching; the next line ends it' : gaveUp;
      expect(await wire.all()).toBe(`${first}\n0\n`);
    }
    const json = await Wire.greeted(address, { format: 'json' });
    json.socket.end('{"id":1,"command":"until-closed"}\n{"id":2,"command":"num-running"}\n');
    const answers = (await json.all()).trim().split('\n');
    expect(answers.map((line) => JSON.parse(line) as unknown)).toEqual(
      expect.arrayContaining([
        { id: 1, ok: false, error: { code: 'RequestAborted', message: gaveUp } },
        { id: 2, ok: true, value: 0 },
      ]),
    );
    await server.close();
  });

  test('does not keep others waiting', async () => {
    const { server, address, pool } = await serve();
    pool.apply(untilAborted);
    const waiting = await Wire.greeted(address);
    waiting.send('gather-and-close');
    const other = await Wire.greeted(address);
    while ((await other.ask('is-locked')) !== 'true');
    expect(await other.ask('num-running')).toBe('1');
    expect(await other.ask('cancel-all')).toBe('ok');
    expect(await waiting.line()).toBe('ok');
    await server.close();
  });

  test('has its answer when the server closes', async () => {
    const { server, address } = await serve();
    const wire = await Wire.greeted(address);
    wire.send('until-closed');
    const other = await Wire.greeted(address, { format: 'json' });
    expect(await other.ask('{"id":1,"command":"num-running"}')).toBe(
      '{"id":1,"ok":true,"value":0}',
    );
    await server.close();
    expect(await wire.all()).toBe('expected an answer, the request was given up\n');
  });
});

test('several servers may share a pool, and one server several pools', async () => {
  const pool = taskPool({ name: 'a', logger: new Log() });
  const one = await serve({ pools: [taskPool({ name: 'b' })] }, pool);
  const two = await serve({ readOnly: true }, pool);
  const first = await Wire.greeted(one.address);
  const second = await Wire.greeted(two.address);
  expect(await second.ask('pool-size 1')).toMatch(/read-only/);
  expect(await first.ask('pool-size 3')).toBe('ok');
  expect(await second.ask('pool-size')).toBe('3');
  expect(await first.ask('use b')).toBe('TaskPool-b');
  expect(await first.ask('pool-size')).toBe('Infinity');
  await Promise.all([one.server.close(), two.server.close()]);
});
