/** Who opens a connection and is never heard of again. */

// Not the global ones, which a test may have replaced.
import timers from 'node:timers';
import type { WebSocket } from 'ws';
import { later } from '../../kit/later.ts';

/**
 * Cuts off what says nothing for so many milliseconds and answers no ping either, as every WebSocket does by itself.
 * A program may well have no actors for hours, and would not connect again.
 */
export function expectLife(socket: WebSocket, ms: number): void {
  const stop = later(ms, () => socket.terminate(), timers);
  for (const sign of ['message', 'pong', 'close']) socket.once(sign, stop);
  socket.ping();
}
