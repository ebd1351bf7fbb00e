import { afterAll, beforeAll, test } from 'vitest';
import { type ClusterWorker, cluster, serve } from 'xstate-taskpool/cluster';
import * as contractFunctions from 'xstate-taskpool/testing/contract-functions';
import { remoteFunctionContract } from 'xstate-taskpool/testing/contracts';
import { describeWithRedis, LONG_LEASE, redisForTests } from '../../support/redis.ts';

describeWithRedis('a cluster', () => {
  const redis = redisForTests();
  const logger = { warn: () => {} };
  const terms = { lease: LONG_LEASE, logger };
  const open = () => cluster<object>('contract', { connection: redis.connection, ...terms });
  let worker: ClusterWorker;
  let work: ReturnType<typeof open>;
  beforeAll(async () => {
    const { withoutThread: connection } = redis;
    worker = await serve(contractFunctions, 'contract', { connection, concurrency: 4, ...terms });
    work = open();
  });
  afterAll(async () => {
    await work.close();
    await worker.close();
  });

  const cases = remoteFunctionContract({ work: () => work, way: 'json', open });
  for (const { name, run } of cases) test(name, run);
});
