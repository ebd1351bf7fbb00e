/** Many clients, and clients that go without a word. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { TCPControlServer, UnixControlServer } from 'xstate-taskpool/control';
import { socketPath } from '../../support/control/socket-path.ts';
import { until } from '../../support/control/until.ts';
import { type Address, Wire } from '../../support/control/wire.ts';
import { Log, simplePool, untilAborted } from '../../support/pools.ts';

const makePool = (log = new Log()) => simplePool(untilAborted, [], { name: 'p', logger: log });

test('a thousand connections at once, each with its answer', async () => {
  const pool = makePool();
  const path = await socketPath();
  const server = new UnixControlServer(pool, { path });
  await server.listen();
  const numbers = Array.from({ length: 1000 }, (_, number) => number);
  const wires = await Promise.all(numbers.map(() => Wire.greeted({ path })));
  expect(server.numConnections).toBe(1000);
  for (const wire of wires) wire.send('start 1');
  const groups = await Promise.all(wires.map((wire) => wire.line()));
  expect(new Set(groups).size).toBe(1000);
  const ids = await Promise.all(
    wires.map((wire, place) => wire.ask(`get-group-ids ${groups[place]}`)),
  );
  expect(new Set(ids).size).toBe(1000);
  expect(pool.numRunning).toBe(1000);
  await server.close();
  expect(pool.numRunning).toBe(1000);
  pool.stopAll();
  await pool.gatherAndClose();
});

/** A process that connects, sends some lines, and says so. */
async function startClient(address: Address, lines: string) {
  const program = `
    const socket = require('net').connect(${JSON.stringify(address)});
    socket.write(${JSON.stringify(lines)});
    socket.on('data', (data) => process.stdout.write(data));
  `;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

test.each([
  ['waits', '{}\nuntil-closed\n'],
  ['watches', '{}\nwatch\n'],
  ['is in the middle of a line', '{}\nnum-running\nstop-a'],
  ['has lines left to be run', `{}\nuntil-closed\n${'num-running\n'.repeat(1000)}`],
  ['waits in JSON', '{"format":"json"}\n{"command":"until-idle"}\n{"command":"watch"}\n'],
])('a client that is killed while it %s leaves nothing behind', async (_, lines) => {
  const log = new Log();
  const pool = makePool(log);
  const path = await socketPath();
  const tcp = new TCPControlServer(pool, { port: 0, logger: log });
  const unix = new UnixControlServer(pool, { path, logger: log });
  const { port } = await tcp.listen();
  await unix.listen();
  const clients = [await startClient({ port }, lines), await startClient({ path }, lines)];
  await until(() => tcp.numConnections === 1 && unix.numConnections === 1);
  pool.start(2);
  for (const client of clients) client.kill('SIGKILL');
  await until(() => tcp.numConnections === 0 && unix.numConnections === 0);
  pool.lock();
  expect(pool.numRunning).toBe(2);
  expect(log.lines).toEqual([]);
  const wire = await Wire.greeted({ port });
  expect(await wire.ask('num-running')).toBe('2');
  await tcp.close();
  await unix.close();
  pool.stopAll();
});

test('gather-and-close goes on when who asked for it has gone', async () => {
  const pool = makePool();
  const server = new TCPControlServer(pool, { port: 0 });
  const address = await server.listen();
  pool.start(1);
  const wire = await Wire.greeted(address);
  wire.send('gather-and-close');
  await until(() => pool.isLocked);
  wire.close();
  await until(() => server.numConnections === 0);
  expect(pool.isClosed).toBe(false);
  pool.stopAll();
  await pool.untilClosed();
  await server.close();
});
