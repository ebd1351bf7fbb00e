/** Detects dead connections. */

// Imported, since tests may replace the global timers.
import timers from 'node:timers';
import type { WebSocket } from 'ws';
import { later } from '../../kit/later.ts';

/**
 * Terminates a WebSocket that within this many milliseconds sends no message and answers no ping, as every WebSocket
 * does automatically. Silence alone is no sign of death: a program may have no actors for hours, and would not
 * reconnect.
 */
export function expectLife(socket: WebSocket, ms: number): void {
  const stop = later(ms, () => socket.terminate(), timers);
  for (const sign of ['message', 'pong', 'close']) socket.once(sign, stop);
  socket.ping();
}
