/**
 * Whatever comes in over HTTP and WebSockets: the server answers in its own words or hangs up, and goes on;
 * the pool is a pool afterwards. Hundreds of messages, or 100,000 in the long tests.
 */

import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { replay, type TaskPool } from 'xstate-taskpool';
import { ControlLink } from 'xstate-taskpool/control/client';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { jsonLine, textLine } from '../../support/control/lines.ts';
import { partsOf, wsLines } from '../../support/control/web-socket.ts';
import { isLong } from '../../support/length.ts';
import { Log, taskPool, untilAborted } from '../../support/pools.ts';
import { anyText } from '../../support/property.ts';
import { runs } from '../../support/runs.ts';

/** How many connections are tried, each with so many messages. */
const CONNECTIONS = isLong ? 1000 : 15;
const MESSAGES = isLong ? 50 : 15;
const REQUESTS = isLong ? 50_000 : 150;

const log = new Log();
const functions = { quick: () => 1, worker: untilAborted };
let pool: TaskPool;
let server: DashboardServer;
let url: string;

beforeAll(async () => {
  pool = taskPool({ name: 'a', poolSize: 5, logger: log });
  const limits = { maxLineLength: 10_000, handshakeTimeout: 2000 };
  server = new DashboardServer(pool, { functions, limits, logger: log });
  url = (await server.listen()).url;
});

afterAll(async () => {
  pool.cancelAll();
  await pool.gatherAndClose({ returnExceptions: true }).catch(() => {});
  await server.close();
  expect(log.lines.filter(([text]) => String(text).includes('server'))).toEqual([]);
});

async function expectAlive(): Promise<void> {
  expect((await fetch(new URL(url).origin)).status).toBe(200);
  const { socket, token } = partsOf(url);
  const link = new ControlLink({ connect: wsLines(socket), token });
  await link.connected();
  expect(await link.request('isPaused')).toBe(pool.isPaused);
  link.close();
  expect(replay(pool.journal)).toEqual(pool.snapshot());
}

/** What is in each request, and in no answer. */
const MARK = 'zq7mark';

const method = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'CONNECT', 'get', `X${MARK}`, '');
/** The path of a URL: `fc.webPath()` creates the table of all characters that `anyText` avoids. */
const webPath = fc
  .array(anyText({ maxLength: 8 }), { maxLength: 5 })
  .map((segments) => `/${segments.map(encodeURIComponent).join('/')}`);
const path = fc.oneof(
  fc.constantFrom('/', '/socket', '/metrics', '/../..', '/%00', '//', '*', '', '/assets/'),
  webPath.map((web) => `${web}/${MARK}`),
  anyText({ maxLength: 40 }),
);
const header = fc.tuple(
  fc.constantFrom(
    'Host',
    'Origin',
    'Upgrade',
    'Connection',
    'Content-Length',
    'Transfer-Encoding',
    'Expect',
    'X',
  ),
  fc.oneof(
    fc.constantFrom(
      '127.0.0.1',
      'localhost',
      'evil.example',
      'websocket',
      'upgrade',
      'chunked',
      '5',
      '-1',
    ),
    fc.constantFrom(`<${MARK}>`, '', 'a'.repeat(20_000)),
    anyText({ maxLength: 40 }),
  ),
);
const rawRequest = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(method, path, fc.array(header, { maxLength: 5 })).map(requestText),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

function requestText([method, path, headers]: [string, string, [string, string][]]): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines}\r\n`);
}

/** All that comes back. */
function exchange(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      // More may come, and need not.
      socket.setTimeout(300, () => socket.destroy());
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.end(bytes);
    // Half a request is waited for by the server: longer than this test waits.
    socket.setTimeout(300, () => socket.destroy());
  });
}

test('requests over HTTP are answered with nothing that they hold', async () => {
  const requests = fc.array(rawRequest, { minLength: 50, maxLength: 50 });
  const property = fc.asyncProperty(requests, async (requests) => {
    for (const answer of await Promise.all(requests.map(exchange))) {
      if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 (101|200|4\d\d|501) /);
      expect(answer).not.toContain(MARK);
    }
  });
  await fc.assert(property, { ...runs(1), numRuns: Math.ceil(REQUESTS / 50) });
  await expectAlive();
});

const message = fc.oneof(
  { weight: 6, arbitrary: jsonLine },
  { weight: 2, arbitrary: textLine },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('', '\n\n', '{}\n{}', 'x'.repeat(20_000)) },
);

/** Sends messages, with the token first or without; until there is no connection any more. */
async function converse(messages: readonly (string | Buffer)[], isKnown: boolean): Promise<void> {
  const { socket: address, token } = partsOf(url);
  const socket = new WebSocket(address);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  const answers: string[] = [];
  socket.on('message', (data) => answers.push(String(data)));
  await new Promise((resolve) => socket.once('open', resolve));
  if (isKnown) socket.send(JSON.stringify({ format: 'json', token }));
  for (const each of messages) {
    if (socket.readyState !== socket.OPEN) break;
    await new Promise((resolve) => socket.send(each, resolve));
  }
  socket.close();
  await closed;
  for (const line of answers.join('').split('\n')) if (isKnown && line !== '') JSON.parse(line);
}

test('messages over WebSockets are answered or end their connection, and no other', async () => {
  const messages = fc.array(message, { minLength: MESSAGES, maxLength: MESSAGES });
  const property = fc.asyncProperty(messages, fc.boolean(), async (messages, isKnown) => {
    await converse(messages, isKnown);
    if (pool.isLocked && !pool.isClosed && pool.status === 'locked') pool.unlock();
  });
  await fc.assert(property, { ...runs(1), numRuns: CONNECTIONS });
  await expectAlive();
});

test('frames that are no WebSocket end their connection, and no other', async () => {
  const property = fc.asyncProperty(
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    async (bytes) => {
      const upgrade =
        'GET /socket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
      const answer = await exchange(Buffer.concat([Buffer.from(upgrade), Buffer.from(bytes)]));
      expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    },
  );
  await fc.assert(property, { ...runs(1), numRuns: CONNECTIONS });
  await expectAlive();
});
