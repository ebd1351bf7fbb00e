/** Servers, clients and stores in tests of users, which replace the timers of the platform. */

import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { connect, TCPControlServer } from 'xstate-taskpool/control';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { InspectorServer } from 'xstate-taskpool/inspector';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { FAKED } from '../support/fake-timers.ts';
import { temporaryFolder } from '../support/folders.ts';

const local = { host: '127.0.0.1', port: 0 };

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [...FAKED],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a control server answers its client, and closes', async () => {
  const server = new TCPControlServer(new TaskPool(), local);
  const { port } = await server.listen();
  const client = await connect({ host: local.host, port });
  expect(await client.numRunning()).toBe(0);
  const [text] = [connectTo(port, local.host)];
  text.write('{}\nwatch\n');
  await once(text, 'data');
  await server.close();
  await client.close();
  text.destroy();
});

test.each([
  ['dashboard', () => new DashboardServer(new TaskPool(), local)],
  ['inspector', () => new InspectorServer(local)],
])('the server of the %s answers, and closes', async (_, make) => {
  const server = make();
  const { port } = await server.listen();
  const socket = connectTo(port, local.host);
  socket.write(`GET / HTTP/1.1\r\nHost: ${local.host}:${port}\r\n\r\n`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 200/);
  await server.close();
  socket.destroy();
});

test('a pool with a journal on the disk comes to its end', async () => {
  const double = async (n: number) => n * 2;
  const store = await JsonlStore.open(join(await temporaryFolder(), 'journal'));
  const pool = new TaskPool({ journal: store, functions: { double } });
  expect(await pool.map(double, [1, 2]).results()).toEqual([2, 4]);
  await pool.gatherAndClose();
  await store.close();
});
