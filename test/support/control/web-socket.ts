/** WebSockets of the package `ws` as lines, for platforms without built-in ones. */

import { WebSocket } from 'ws';
import type { OpenLines } from 'xstate-taskpool/control/client';

/** The address and the token in the link of a server. */
export function partsOf(link: string): { readonly socket: string; readonly token: string } {
  const { host, hash } = new URL(link);
  return { socket: `ws://${host}/socket`, token: decodeURIComponent(hash.replace('#token=', '')) };
}

/** @param opened called with each socket, for example to close it. */
export function wsLines(url: string, opened: (socket: WebSocket) => void = () => {}): OpenLines {
  return (listener) => {
    const socket = new WebSocket(url);
    opened(socket);
    socket.on('open', () => listener.opened());
    socket.on('message', (data) => {
      for (const line of String(data).split('\n')) if (line !== '') listener.line(line);
    });
    socket.on('close', (code) => listener.closed(`closed with code ${code}`));
    socket.on('error', () => {});
    return { send: (line) => socket.send(line), close: () => socket.close() };
  };
}
