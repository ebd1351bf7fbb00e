/** Pools with a control server, for the tests of clients. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BasePool } from 'xstate-taskpool';
import {
  TCPControlServer,
  type TCPControlServerOptions,
  UnixControlServer,
  type UnixControlServerOptions,
} from 'xstate-taskpool/control';

/** Cleanups after a test, run in reverse order. */
const undo: (() => Promise<unknown>)[] = [];

/** For `afterEach`. */
export async function closeServers(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** Serves a pool on a free port of the loopback interface. */
export async function serveTcp(
  pool: BasePool,
  options: Partial<TCPControlServerOptions> = {},
): Promise<{ server: TCPControlServer; port: number; args: string[] }> {
  const server = new TCPControlServer(pool, { port: 0, ...options });
  undo.push(() => server.close());
  const { port } = await server.listen();
  return { server, port, args: ['control', 'tcp', '127.0.0.1', String(port)] };
}

/** Serves a pool on a Unix socket in a folder of its own. */
export async function serveUnix(
  pool: BasePool,
  options: Partial<UnixControlServerOptions> = {},
): Promise<{ server: UnixControlServer; path: string; args: string[] }> {
  const path = join(await temporaryFolder(), 'pool.sock');
  const server = new UnixControlServer(pool, { path, ...options });
  undo.push(() => server.close());
  await server.listen();
  return { server, path, args: ['control', 'unix', path] };
}

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'control-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
