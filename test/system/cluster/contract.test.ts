import { afterAll, beforeAll } from 'vitest';
import { type ClusterWorker, cluster, serve } from 'xstate-taskpool/cluster';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { remoteFunctionContract } from '../../support/remote-function-contract.ts';
import * as work from '../programs/far-work.ts';

describeWithRedis('with Redis', () => {
  const redis = redisForTests();
  const logger = { warn: () => {} };
  let worker: ClusterWorker;
  beforeAll(async () => {
    const { connection } = redis;
    worker = await serve(work, 'contract', { connection, concurrency: 4, logger });
  });
  afterAll(() => worker.close());

  remoteFunctionContract('cluster', {
    open: () => cluster('contract', { connection: redis.connection, logger }),
    way: 'json',
  });
});
