/** What one program can make the inspector do: it needs no token. */

import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { ACCEPTS, DASHBOARD, HELLO } from '../../../src/inspect/messages.ts';
import { Program } from '../../../src/node/inspector/program.ts';

/** A socket whose other side reads nothing: what is sent waits. */
class StuckSocket extends EventEmitter {
  bufferedAmount = 0;

  send(text: string): void {
    this.bufferedAmount += text.length;
  }
}

function stuckProgram() {
  const socket = new StuckSocket();
  const told: string[] = [];
  const program = new Program(7, socket as unknown as WebSocket, {
    received: () => told.push('received'),
    changed: () => told.push('changed'),
    refused: () => told.push('refused'),
    closed: () => told.push('closed'),
  });
  const say = (message: object): void => {
    socket.emit('message', JSON.stringify(message));
  };
  return { socket, program, told, say };
}

test('who greets without end and reads nothing gets no more than fits', () => {
  const { socket, say } = stuckProgram();
  for (let time = 0; time < 10_000; time++) say({ type: HELLO });
  expect(socket.bufferedAmount).toBeLessThan(70_000);
});

test('an actor whose program reads nothing is sent no more events than fit', () => {
  const { program, say } = stuckProgram();
  say({ type: ACCEPTS });
  const text = 'x'.repeat(1_000);
  const sent = Array.from({ length: 200 }, () => program.send('x:0', { type: 'GO', text }));
  expect(sent[0]).toBe(true);
  expect(sent.at(-1)).toBe(false);
});

test('pages are told of a program only what is new', () => {
  const { told, say } = stuckProgram();
  for (let time = 0; time < 3; time++) {
    say({ type: ACCEPTS });
    say({ type: DASHBOARD, sessionId: 'x:0', url: 'http://127.0.0.1:1/' });
  }
  expect(told).toEqual(['changed', 'changed']);
});
