/** The server on TCP with TLS: what certificates and tokens it takes. */

import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TCPControlServer, type TCPControlServerOptions } from 'xstate-taskpool/control';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { type Certificate, hasOpenssl, makeCertificate } from '../../support/certificates.ts';
import { Wire } from '../../support/control/wire.ts';
import { taskPool } from '../../support/pools.ts';

const token = 'a long secret';
let folder: string;
let server: Certificate;
let stranger: Certificate;

async function serve(options: Partial<TCPControlServerOptions> = {}) {
  const pool = taskPool({ name: 'p' });
  const served = new TCPControlServer(pool, { port: 0, tls: server, token, ...options });
  return { pool, server: served, address: await served.listen() };
}

describe.skipIf(!hasOpenssl)('TLS', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskpool-'));
    [server, stranger] = await Promise.all([
      makeCertificate(folder, 'server'),
      makeCertificate(folder, 'stranger'),
    ]);
  });

  afterAll(() => rm(folder, { recursive: true }));

  test('a client that trusts the certificate and has the token is let in', async () => {
    const { server: served, address } = await serve({ host: '0.0.0.0' });
    const to = { host: '127.0.0.1', port: address.port };
    const wire = await Wire.open(to, { ca: server.cert, servername: 'localhost' });
    wire.send(JSON.stringify({ token }));
    expect(await wire.line()).toBe('TaskPool-p');
    wire.socket.end('pool-size 3\npool-size\n');
    expect(await wire.all()).toBe('ok\n3\n');
    await served.close();
  });

  test.each([
    ['missing', {}],
    ['wrong', { token: 'another' }],
    ['cut', { token: token.slice(0, -1) }],
  ])('a token that is %s is refused', async (_, info) => {
    const { server: served, address } = await serve();
    const wire = await Wire.open(address, { ca: server.cert, servername: 'localhost' });
    wire.send(JSON.stringify(info));
    expect(await wire.all()).toBe('expected the token of the server in the first line\n');
    await served.close();
  });

  test('a client does not take the certificate of a stranger', async () => {
    const { server: served, address } = await serve({ tls: stranger });
    const tls = { ca: server.cert, servername: 'localhost' };
    await expect(Wire.open(address, tls)).rejects.toMatchObject({
      code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/),
    });
    await served.close();
  });

  test('a server that asks for certificates takes its own only', async () => {
    const tls = { ...server, ca: server.cert, requestCert: true, rejectUnauthorized: true };
    const { server: served, address } = await serve({ tls });
    const trust = { ca: server.cert, servername: 'localhost' };
    const known = await Wire.open(address, { ...trust, ...server });
    known.send(JSON.stringify({ token }));
    expect(await known.line()).toBe('TaskPool-p');
    for (const cert of [{}, stranger]) {
      const unknown = await Wire.open(address, { ...trust, ...cert }).catch(() => undefined);
      unknown?.send(JSON.stringify({ token }));
      expect((await unknown?.all()) ?? '').toBe('');
    }
    await served.close();
  });

  describe('without TLS', () => {
    test('nobody is let in', async () => {
      const { server: served, address, pool } = await serve();
      const wire = await Wire.open(address);
      wire.socket.write(`${JSON.stringify({ token })}\nlock\n`);
      expect(await wire.all()).not.toContain('TaskPool-p');
      expect(pool.isLocked).toBe(false);
      await served.close();
    });

    test('a connection that says nothing keeps no server from closing', async () => {
      const { server: served, address } = await serve();
      const socket = connect(address.port);
      socket.on('error', () => {});
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await new Promise((resolve) => socket.once('connect', resolve));
      await served.close();
      await closed;
    });

    test('a connection that says nothing is cut off', async () => {
      const { server: served, address } = await serve({ limits: { handshakeTimeout: 50 } });
      const socket = connect(address.port);
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('close', resolve));
      await served.close();
    });

    test.each([
      ['nothing', []],
      ['half of what begins TLS', [0x16, 3, 1, 2, 0, 1, 0]],
    ])('a connection to a page that says %s is cut off', async (_, bytes) => {
      const limits = { handshakeTimeout: 50 };
      const served = new DashboardServer(taskPool(), { tls: server, limits });
      const socket = connect((await served.listen()).port);
      socket.on('error', () => {});
      socket.write(Buffer.from(bytes));
      await new Promise((resolve) => socket.once('close', resolve));
      await served.close();
    });
  });
});
