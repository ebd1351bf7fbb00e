/** Connections that nothing comes from: they have no place for good. */

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { expectLife } from '../../../src/node/inspector/expect-life.ts';
import { withMoreTime } from '../../support/more-time.ts';

/** Of a WebSocket that asks only whether the other side is there. */
const PING = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
/** The beginning of a message of 50 bytes. */
const HALF = Buffer.from([0x81, 0x80 + 50, 0, 0, 0, 0, 1]);

let server: WebSocketServer;
/** How long a connection may say nothing, in milliseconds. */
let patience: number;

beforeEach(async () => {
  patience = 50;
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    expectLife(socket, patience);
  });
  await once(server, 'listening');
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

test.each([
  ['says nothing', Buffer.alloc(0)],
  ['sends half a message', HALF],
  ['only pings', PING],
])('one that %s and answers no ping is cut off', async (_, bytes) => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(socket, 'data');
  socket.write(bytes);
  await once(socket, 'close');
});

test('one that is there is not, whether it says anything or not', async () => {
  await withMoreTime([50, 500, 5000], async (ms) => {
    patience = ms;
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    let closed = false;
    socket.on('close', () => {
      closed = true;
    });
    await once(socket, 'open');
    await new Promise((resolve) => setTimeout(resolve, 3 * ms));
    expect(closed).toBe(false);
    socket.terminate();
  });
});
