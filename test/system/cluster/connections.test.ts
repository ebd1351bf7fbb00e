/** A cluster whose Redis is reached over TLS, or found by Sentinel. */

import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { cluster, serve } from 'xstate-taskpool/cluster';
import { hasOpenssl, makeCertificate } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { describeWithRedis, redisForTest, redisForTests } from '../../support/redis.ts';

const logger = { warn: () => {} };
describeWithRedis('a cluster', () => {
  const redis = redisForTests();

  test.runIf(hasOpenssl)('runs over TLS, with a certificate that is checked', async () => {
    const folder = await temporaryFolder();
    const { cert, ...tls } = await makeCertificate(folder, 'redis');
    const server = await redisForTest({ tls });
    const secure = { ...server.connection, tls: { ca: cert } };
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
  });

  test('finds its Redis by Sentinel', async () => {
    const { watched: connection } = await redisForTest({ watches: redis });
    const worker = await serve({ double }, 'sentinel', { connection, logger });
    onTestFinished(() => worker.close());
    const work = cluster<{ double: typeof double }>('sentinel', { connection, logger });
    onTestFinished(() => work.close());
    expect(await work.double(21)).toBe(42);
  });
});

async function double(n: number): Promise<number> {
  return 2 * n;
}
