/** The server on a Unix socket: whose the file is, and what becomes of it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir, readdir, rename, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UnixControlServer } from 'xstate-taskpool/control';
import { socketPath } from '../../support/control/socket-path.ts';
import { Wire } from '../../support/control/wire.ts';
import { kill } from '../../support/ended.ts';
import { taskPool } from '../../support/pools.ts';

async function serve(path: string, mode?: number) {
  const options = mode === undefined ? { path } : { path, mode };
  const server = new UnixControlServer(taskPool({ name: 'p' }), options);
  expect(await server.listen()).toEqual({ path });
  return server;
}

const modeOf = async (path: string): Promise<number> => (await lstat(path)).mode & 0o777;
const around = async (path: string): Promise<string[]> => readdir(dirname(path));

/** A socket that nobody listens at, as a process that was killed leaves it behind. */
async function leaveBehind(path: string): Promise<void> {
  const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log())`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await kill(child);
  expect((await lstat(path)).isSocket()).toBe(true);
}

test('it talks, is for its user only, and is removed', async () => {
  const path = await socketPath();
  const server = await serve(path);
  expect(await modeOf(path)).toBe(0o600);
  expect(await around(path)).toEqual(['pool.sock']);
  const wire = await Wire.greeted({ path });
  expect(await wire.ask('num-running')).toBe('0');
  await server.close();
  expect(await wire.all()).toBe('');
  expect(await around(path)).toEqual([]);
});

test('its mode may be another, whatever the umask is', async () => {
  const path = await socketPath();
  const umask = process.umask(0o077);
  const server = await serve(path, 0o666).finally(() => process.umask(umask));
  expect(await modeOf(path)).toBe(0o666);
  await server.close();
});

test('at no moment may others connect', async () => {
  const path = await socketPath();
  const umask = process.umask(0);
  const seen = new Set<number>();
  let looks = true;
  const looking = (async () => {
    while (looks) {
      for (const name of await around(path)) {
        const file = join(dirname(path), name);
        const found = await lstat(file).catch(() => undefined);
        if (found !== undefined) seen.add(found.mode & 0o077);
      }
    }
  })();
  for (let i = 0; i < 20; i++) {
    const server = await serve(path);
    await server.close();
  }
  looks = false;
  await looking;
  process.umask(umask);
  expect([...seen]).toEqual([0]);
});

describe('what is at the path already', () => {
  test('is replaced if it was left over', async () => {
    const path = await socketPath();
    await leaveBehind(path);
    const server = await serve(path);
    const wire = await Wire.greeted({ path });
    expect(await wire.ask('num-running')).toBe('0');
    expect(await around(path)).toEqual(['pool.sock']);
    await server.close();
    expect(await around(path)).toEqual([]);
  });

  test('is left alone if it is a server that lives', async () => {
    const path = await socketPath();
    const server = await serve(path);
    const second = new UnixControlServer(taskPool(), { path });
    await expect(second.listen()).rejects.toMatchObject({
      code: 'AddressInUse',
      message: `expected a path that no server listens at, got ${path}`,
    });
    await second.close();
    const wire = await Wire.greeted({ path });
    expect(await wire.ask('num-running')).toBe('0');
    expect(await around(path)).toEqual(['pool.sock']);
    await server.close();
  });

  test('is left alone if it is any other server', async () => {
    const path = await socketPath();
    const other = createServer().listen(path);
    await once(other, 'listening');
    await expect(serve(path)).rejects.toMatchObject({ code: 'AddressInUse' });
    other.close();
  });

  test.each(['file', 'folder'])('is left alone if it is a %s', async (kind) => {
    const path = await socketPath();
    if (kind === 'file') await writeFile(path, 'text');
    else await mkdir(path);
    await expect(serve(path)).rejects.toMatchObject({
      code: 'AddressInUse',
      message: `expected a free path or a socket left over, got a file at ${path}`,
    });
    expect(await around(path)).toEqual(['pool.sock']);
  });

  test('goes to one of those that come for it at once', async () => {
    const path = await socketPath();
    for (let round = 0; round < 10; round++) {
      await leaveBehind(path);
      const servers = Array.from({ length: 5 }, () => new UnixControlServer(taskPool(), { path }));
      const outcomes = await Promise.allSettled(servers.map((server) => server.listen()));
      const rejected = outcomes.filter(({ status }) => status === 'rejected');
      expect(rejected).toHaveLength(4);
      for (const { reason } of rejected as PromiseRejectedResult[]) {
        expect(reason).toMatchObject({ code: 'AddressInUse' });
      }
      const wire = await Wire.greeted({ path });
      wire.close();
      await Promise.all(servers.map((server) => server.close()));
      expect(await around(path)).toEqual([]);
    }
  });
});

test('a start that crashed is cleared away', async () => {
  const path = await socketPath();
  await mkdir(`${path}~`);
  await utimes(`${path}~`, new Date(0), new Date(0));
  const server = await serve(path);
  await server.close();
  expect(await around(path)).toEqual([]);
});

test('a start that crashed a moment ago keeps nobody waiting', async () => {
  const path = await socketPath();
  const dead = { pid: 2 ** 30, host: hostname() };
  let shortest = Number.POSITIVE_INFINITY;
  // One that may be alive is given two seconds. A busy machine may be as slow, but not each time.
  for (let time = 0; time < 10 && shortest > 1000; time++) {
    await mkdir(`${path}~`);
    await writeFile(`${path}~/starter.json`, JSON.stringify(dead));
    const started = performance.now();
    const server = await serve(path);
    shortest = Math.min(shortest, performance.now() - started);
    await server.close();
  }
  expect(shortest).toBeLessThan(1000);
  expect(await around(path)).toEqual([]);
});

test('a server that is closed leaves the socket of its successor', async () => {
  const path = await socketPath();
  const server = await serve(path);
  const moved = `${path}.moved`;
  await rename(path, moved);
  const second = await serve(path);
  await server.close();
  const wire = await Wire.greeted({ path });
  expect(await wire.ask('num-running')).toBe('0');
  await second.close();
});

test.each([
  [{ path: '' }, TypeError, "expected path to be the path of a file, got ''"],
  [
    { path: '\0abstract' },
    TypeError,
    "expected path to be the path of a file, got '\\u0000abstract'",
  ],
  [
    { path: '/x', mode: 0o1777 },
    RangeError,
    'expected mode to be a number from 0 to 0o777, got 1023',
  ],
])('%j is refused', (options, type, message) => {
  const make = () => new UnixControlServer(taskPool(), options);
  expect(make).toThrow(type);
  expect(make).toThrow(message);
});

test('a path that is too long is refused, and so is one in no folder', async () => {
  const path = await socketPath(`${'x'.repeat(100)}.sock`);
  await expect(serve(path)).rejects.toThrow(
    /^expected a path of at most 100 bytes for a socket, got/,
  );
  expect(await around(path)).toEqual([]);
  await expect(serve('/no/such/folder/pool.sock')).rejects.toMatchObject({ code: 'ENOENT' });
});
