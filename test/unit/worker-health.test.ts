/** The server that says how a worker does: anyone may ask, and no one may take all of its process. */

import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { serveHealth } from '../../src/cli/worker/health.ts';

test('of very many connections most are dropped, and the rest is answered', async () => {
  const status = () => ({ isAlive: true, state: 'serving' }) as never;
  const { server, url } = await serveHealth({ host: '127.0.0.1', port: 0 }, status);
  const port = Number(new URL(url).port);
  const sockets = await Promise.all(Array.from({ length: 80 }, () => opened(port)));
  await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBe(16);
  const left = sockets.filter(({ destroyed }) => !destroyed);
  const answers = left.map((socket) => answerTo(socket));
  for (const socket of left)
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await Promise.all(answers)).toEqual(
    left.map(() => expect.stringMatching(/^HTTP\/1.1 200/)),
  );
  server.close();
});

function opened(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {});
    // Else its end is never seen.
    socket.resume();
  });
}

function answerTo(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('close', () => resolve(text));
  });
}
