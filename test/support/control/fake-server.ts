/** A server whose answers a test decides. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export const GREETING = '{"ok":true,"value":{"pool":"TaskPool-0","pools":[],"readOnly":false}}\n';

/** Listens on a free port; calls back for each line of a client. */
export async function fakeServer(
  onLine: (line: string, socket: Socket) => void,
  host = '127.0.0.1',
): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    createInterface({ input: socket })
      .on('line', (line) => onLine(line, socket))
      .on('error', () => {});
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
