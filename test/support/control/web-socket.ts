/** WebSockets of the package `ws` as lines, for platforms without one of their own. */

import { WebSocket } from 'ws';
import type { OpenLines } from 'xstate-taskpool/control/client';

/** Where to connect to, as the link of a server says, and with which token. */
export function partsOf(link: string): { readonly socket: string; readonly token: string } {
  const { host, hash } = new URL(link);
  return { socket: `ws://${host}/socket`, token: decodeURIComponent(hash.replace('#token=', '')) };
}

/** @param opened gets each socket, to be cut for instance. */
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
