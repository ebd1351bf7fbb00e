/** A cluster whose Redis is reached over TLS, or found by Sentinel; and is gone before they are closed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { cluster, serve } from 'xstate-taskpool/cluster';
import { hasOpenssl, makeCertificate } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { describeWithRedis, RedisServer, redisForTests } from '../../support/redis.ts';

const logger = { warn: () => {} };
describeWithRedis('a cluster', () => {
  const redis = redisForTests();

  test.runIf(hasOpenssl)(
    'runs over TLS, with a certificate that is checked',
    async () => {
      const folder = await temporaryFolder();
      const { cert, certFile } = await makeCertificate(folder, 'redis');
      const port = await freePort();
      await using server = new RedisServer({
        settings: {
          'tls-port': String(port),
          'tls-cert-file': certFile,
          'tls-key-file': certFile.replace('.pem', '.key'),
          'tls-ca-cert-file': certFile,
          'tls-auth-clients': 'no',
        },
      });
      await server.start();
      const secure = { host: '127.0.0.1', port, tls: { ca: cert } };
      const worker = await serve({ double }, 'tls', { connection: secure, logger });
      onTestFinished(() => worker.close());
      const work = cluster<{ double: typeof double }>('tls', { connection: secure, logger });
      onTestFinished(() => work.close());
      expect(await work.double(21)).toBe(42);
      // No one answers for a certificate that is not known.
      const distrusting = new Redis({ ...secure, tls: {}, retryStrategy: null, lazyConnect: true });
      distrusting.on('error', () => {});
      await expect(distrusting.connect()).rejects.toThrow();
      distrusting.disconnect();
    },
    60_000,
  );

  test('finds its Redis by Sentinel', async () => {
    const folder = await temporaryFolder();
    const port = await freePort();
    const file = join(folder, 'sentinel.conf');
    const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`];
    writeFileSync(file, `${lines.join('\n')}\nsentinel monitor main 127.0.0.1 ${redis.port} 1\n`);
    const sentinel = spawn('redis-server', [file, '--sentinel']);
    onTestFinished(async () => {
      sentinel.kill('SIGKILL');
      await once(sentinel, 'exit');
    });
    const connection = { sentinels: [{ host: '127.0.0.1', port }], name: 'main' };
    const worker = await serve({ double }, 'sentinel', { connection, logger });
    onTestFinished(() => worker.close());
    const work = cluster<{ double: typeof double }>('sentinel', { connection, logger });
    onTestFinished(() => work.close());
    expect(await work.double(21)).toBe(42);
  }, 60_000);
});

async function double(n: number): Promise<number> {
  return 2 * n;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
