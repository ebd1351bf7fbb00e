/** Who is let in by the dashboard server, and what it lets them do. */

import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type BasePool, TaskPool } from 'xstate-taskpool';
import { ControlLink } from 'xstate-taskpool/control/client';
import {
  DashboardServer,
  type DashboardServerOptions,
  UnsafeAddress,
} from 'xstate-taskpool/dashboard';
import { until } from '../../support/control/until.ts';
import { partsOf, wsLines } from '../../support/control/web-socket.ts';
import { Log, taskPool } from '../../support/pools.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function serve(
  options: DashboardServerOptions = {},
  pool: BasePool = taskPool({ name: 'p' }),
) {
  const server = new DashboardServer(pool, { logger: new Log(), ...options });
  undo.push(() => server.close());
  const { url, port } = await server.listen();
  return { pool, server, url, port, ...partsOf(url) };
}

function linkTo(socket: string, token: string): ControlLink {
  const link = new ControlLink({ connect: wsLines(socket), token });
  undo.push(() => link.close());
  return link;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function ask(port: number, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<Answer>((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.on('error', reject).end();
  });
}

/** Opens a WebSocket; the status with which that was refused, or 101. */
function open(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers });
    undo.push(() => socket.terminate());
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

describe('names of this machine', () => {
  test.for(['127.0.0.1', 'localhost', '[::1]', 'localhost:9999', '127.0.0.1:80'])(
    'a request for %s is answered, whatever the port of a tunnel',
    async (host) => {
      const { port, socket } = await serve();
      expect((await ask(port, '/', { host })).status).toBe(200);
      expect(await open(socket, { host })).toBe(101);
    },
  );

  test.for([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'a b',
    '@127.0.0.1',
  ])('a request for %s is refused: another name may lead here', async (host) => {
    const { port, socket } = await serve();
    expect((await ask(port, '/', { host })).status).toBe(421);
    expect(await open(socket, { host })).toBe(421);
  });
});

describe('origins', () => {
  test('a page of this server may connect, pages of others may not', async () => {
    const { port, socket } = await serve();
    expect(await open(socket, { origin: `http://127.0.0.1:${port}` })).toBe(101);
    for (const origin of [
      'http://evil.example',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `http://localhost:${port}`,
      'null',
    ]) {
      expect(await open(socket, { origin }), origin).toBe(403);
    }
  });
});

describe('over HTTP', () => {
  test('there are the files of the page and nothing else, whatever the path', async () => {
    const { port } = await serve();
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '//etc/passwd',
      '/assets/',
      '/index.js',
    ]) {
      expect(await ask(port, path), path).toEqual({ status: 404, body: 'there is nothing here\n' });
    }
  });

  test('nothing of a request is in its answer', async () => {
    const { port } = await serve();
    const { status, body } = await ask(port, '/<script>alert(1)</script>?q=<img>', {
      'x-a': '<b>',
    });
    expect([status, body]).toEqual([404, 'there is nothing here\n']);
  });

  test('nothing can be sent', async () => {
    const { port } = await serve();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask(port, '/', {}, method)).status, method).toBe(405);
    }
    expect(await ask(port, '/', {}, 'HEAD')).toEqual({ status: 200, body: '' });
  });

  test('who does not take gzip gets the page as it is', async () => {
    const { url } = await serve();
    const [plain, gzipped] = await Promise.all([
      fetch(new URL(url).origin, { headers: { 'accept-encoding': 'identity' } }),
      fetch(new URL(url).origin),
    ]);
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(gzipped.headers.get('content-encoding')).toBe('gzip');
    expect(await plain.text()).toBe(await gzipped.text());
  });

  test('metrics are for who has the token', async () => {
    const { port, token } = await serve();
    expect((await ask(port, '/metrics')).status).toBe(401);
    expect((await ask(port, '/metrics', { authorization: 'Bearer guess' })).status).toBe(401);
    expect((await ask(port, `/metrics?token=${token}`)).status).toBe(401);
    const { status, body } = await ask(port, '/metrics', { authorization: `Bearer ${token}` });
    expect(status).toBe(200);
    expect(body).toContain('taskpool_slots_max{pool="p"} +Inf\n');
  });

  test('metrics name pools as the page does, even if both have one name', async () => {
    const [ferries, tides] = [taskPool({ name: 'p' }), taskPool({ name: 'p', poolSize: 3 })];
    const server = new DashboardServer({ ferries, tides });
    undo.push(() => server.close());
    const { url, port } = await server.listen();
    const { token } = partsOf(url);
    const { body } = await ask(port, '/metrics', { authorization: `Bearer ${token}` });
    expect(body.match(/^taskpool_slots_max.*/gm)).toEqual([
      'taskpool_slots_max{pool="ferries"} +Inf',
      'taskpool_slots_max{pool="tides"} 3',
    ]);
  });
});

describe('over the WebSocket', () => {
  test('it is at its own path only', async () => {
    const { port } = await serve();
    expect(await open(`ws://127.0.0.1:${port}/`)).toBe(404);
    expect(await open(`ws://127.0.0.1:${port}/socket/x`)).toBe(404);
  });

  test('a read-only server refuses what changes a pool, whatever the page shows', async () => {
    const { pool, socket, token } = await serve({ readOnly: true });
    const link = linkTo(socket, token);
    expect((await link.connected()).readOnly).toBe(true);
    await expect(link.request('lock')).rejects.toMatchObject({ code: 'ReadOnly' });
    await expect(link.line('pool-size 3')).rejects.toMatchObject({ code: 'ReadOnly' });
    expect(await link.request('poolSize')).toBe(null);
    expect(pool.isLocked).toBe(false);
  });

  test('functions are those that were registered', async () => {
    const { socket, token } = await serve({ functions: { one: () => 1 } });
    const link = linkTo(socket, token);
    await link.connected();
    expect(await link.request('apply', { func: 'one' })).toMatch(/^apply-one/);
    await expect(link.line('apply two')).rejects.toMatchObject({ code: 'FunctionNotFound' });
  });

  test('a message that is too long ends the connection', async () => {
    const { socket, token, server } = await serve({ limits: { maxLineLength: 1000 } });
    const link = linkTo(socket, token);
    await link.connected();
    await expect(link.line('x'.repeat(2000))).rejects.toMatchObject({ code: 'ConnectionLost' });
    await link.connected();
    await until(() => server.numConnections === 1);
  });

  test('who says nothing is not waited for', async () => {
    const { socket } = await serve({ limits: { handshakeTimeout: 50 } });
    const silent = new WebSocket(socket);
    await new Promise((resolve) => silent.on('close', resolve));
  });

  test('two pages see the same, and one does not end with the other', async () => {
    const { pool, socket, token } = await serve();
    const [a, b] = [linkTo(socket, token), linkTo(socket, token)];
    await Promise.all([a.connected(), b.connected()]);
    const [ofA, ofB] = [a.watch({ since: 0 }), b.watch({ since: 0 })];
    pool.lock();
    const [first, second] = await Promise.all([ofA.next(), ofB.next()]);
    expect(first.value).toEqual(second.value);
    a.close();
    pool.unlock();
    expect((await ofB.next()).value).toMatchObject({ type: 'pool.unlocked' });
  });

  test('cut sockets cost no event', async () => {
    const { pool, socket, token } = await serve({}, taskPool({ name: 'p', poolSize: 4 }));
    const sockets: WebSocket[] = [];
    const link = new ControlLink({ connect: wsLines(socket, (each) => sockets.push(each)), token });
    undo.push(() => link.close());
    const seqs: number[] = [];
    const watching = (async () => {
      for await (const { seq } of link.watch({ since: 0 })) seqs.push(seq);
    })();
    for (let round = 0; round < 3; round++) {
      await link.connected();
      await (pool as TaskPool)
        .map(
          (n: number) => n,
          Array.from({ length: 200 }, (_, n) => n),
        )
        .results();
      const cut = sockets[round] as WebSocket;
      const noticed = once(cut, 'close');
      cut.terminate();
      await (pool as TaskPool).map((n: number) => n, [1, 2, 3]).results();
      await noticed;
    }
    await pool.gatherAndClose();
    await watching;
    expect(seqs).toEqual(Array.from({ length: pool.journal.nextSeq - 1 }, (_, place) => place + 1));
    expect(sockets).toHaveLength(4);
  });

  test('a page that does not read is cut off, and the pool goes on', async () => {
    const limits = { maxBuffered: 65_536 };
    const { pool, socket, token, server } = await serve(
      { limits },
      taskPool({ name: 'p', poolSize: 8 }),
    );
    const slow = new WebSocket(socket);
    await new Promise((resolve) => slow.on('open', resolve));
    slow.send(JSON.stringify({ format: 'json', token }));
    await new Promise((resolve) => slow.once('message', resolve));
    slow.send(JSON.stringify({ id: 0, command: 'watch' }));
    slow.pause();
    const blocks = Array.from({ length: 20_000 }, (_, n) => `block ${n}`);
    const report = (block: string, { report }: { report: (text: string) => void }) =>
      report(block.repeat(20));
    for (let round = 0; server.numConnections > 0 && round < 20; round++) {
      await (pool as TaskPool).map(report, blocks).results();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.numConnections).toBe(0);
    expect(pool.numRunning).toBe(0);
    slow.terminate();
  });
});

describe('options', () => {
  test('a host that is reached from elsewhere needs TLS', async () => {
    const server = new DashboardServer(taskPool(), { host: '0.0.0.0' });
    await expect(server.listen()).rejects.toThrow(UnsafeAddress);
  });

  test.for([
    [{ port: 70_000 }, 'expected port to be an integer from 0 to 65535, got 70000'],
    [{ token: '' }, 'expected token to be a non-empty string'],
    [{ readOnly: 1 }, 'expected readOnly to be true or false, got 1'],
    [{ hostname: 'x' }, "did you mean 'host'?"],
  ] as const)('%o is refused', ([options, message]) => {
    expect(() => new DashboardServer(taskPool(), options as never)).toThrow(message);
  });

  test('what is served is a pool, or several by names', async () => {
    for (const served of [undefined, 3, {}, { a: 1 }]) {
      expect(() => new DashboardServer(served as never)).toThrow(TypeError);
    }
    const pools = { ferries: new TaskPool({ name: '1' }), tides: new TaskPool({ name: '1' }) };
    const server = new DashboardServer(pools);
    undo.push(() => server.close());
    const { socket, token } = partsOf((await server.listen()).url);
    const link = new ControlLink({ connect: wsLines(socket), token, pool: 'tides' });
    undo.push(() => link.close());
    expect(await link.connected()).toMatchObject({ pool: 'ferries', pools: ['ferries', 'tides'] });
    await link.request('lock');
    expect([pools.ferries.isLocked, pools.tides.isLocked]).toEqual([false, true]);
  });
});

test('there are only so many pages at once', async () => {
  const { socket, token, server } = await serve({ limits: { maxConnections: 2 } });
  const first = linkTo(socket, token);
  await first.connected();
  expect(await open(socket)).toBe(101);
  expect(await open(socket)).toBe(503);
  first.close();
  await until(() => server.numConnections === 1);
  expect(await open(socket)).toBe(101);
});

test('all pages together hold only so much of messages that have not ended, token or not', async () => {
  const { socket, token, server } = await serve({ limits: { maxTotalReceived: 1_000_000 } });
  const page = linkTo(socket, token);
  await page.connected();
  for (let n = 0; n < 20; n++) {
    const raw = new WebSocket(socket);
    undo.push(() => raw.terminate());
    raw.on('error', () => {});
    await once(raw, 'open');
    raw.send('x'.repeat(200_000), { fin: false });
  }
  await until(() => server.numConnections <= 6);
  expect((await page.line('is-full')).text).toBe('false');
});
