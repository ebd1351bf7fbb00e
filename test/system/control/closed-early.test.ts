/** Servers that are closed before they listen, or while something else keeps a connection. */

import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { TCPControlServer, UnixControlServer } from 'xstate-taskpool/control';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { InspectorServer } from 'xstate-taskpool/inspector';
import { temporaryFolder } from '../../support/folders.ts';

const local = { host: '127.0.0.1', port: 0 };
const PAGES = {
  DashboardServer: () => new DashboardServer(new TaskPool(), local),
  InspectorServer: () => new InspectorServer(local),
};
const SERVERS = { TCPControlServer: () => new TCPControlServer(new TaskPool(), local), ...PAGES };

function reach(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, local.host);
    socket.once('connect', () => resolve('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('connect', () => socket.destroy());
  });
}

test.each(Object.entries(SERVERS))(
  '%s that is closed while it begins to listen does not',
  async (_, make) => {
    const server = make();
    const listening = server.listen();
    await server.close();
    const { port } = await listening;
    expect(await reach(port)).toBe('ECONNREFUSED');
  },
);

test.each(Object.entries(SERVERS))(
  '%s that is closed does not listen any more',
  async (_, make) => {
    const server = make();
    await server.close();
    await expect(server.listen()).rejects.toThrow('has not listened before');
  },
);

test('a socket that is closed while it is made is removed', async () => {
  const path = join(await temporaryFolder(), 'socket');
  const server = new UnixControlServer(new TaskPool(), { path });
  const listening = server.listen();
  await server.close();
  await listening;
  expect(existsSync(path)).toBe(false);
});

test.each(Object.entries(PAGES))(
  '%s closes though a client keeps what it was refused',
  async (_, make) => {
    const server = make();
    const { port } = await server.listen();
    const socket = connect({ ...local, port, allowHalfOpen: true });
    const lines = ['GET /nowhere HTTP/1.1', `Host: ${local.host}:${port}`];
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', '', ''];
    socket.write([...lines, ...upgrade].join('\r\n'));
    const [answer] = await new Promise<[Buffer]>((resolve) => {
      socket.once('data', (data) => resolve([data]));
    });
    expect(String(answer)).toMatch(/^HTTP\/1.1 404/);
    await server.close();
    socket.destroy();
  },
);
