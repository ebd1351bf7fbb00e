/** The store in Redis keeps the rules that all stores keep. */

import { onTestFinished } from 'vitest';
import { RedisStore, type RedisStoreOptions } from 'xstate-taskpool/journal/redis';
import { eventStoreContract } from '../../support/event-store-contract.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';

describeWithRedis('in Redis', () => {
  const server = redisForTests();
  let journals = 0;

  async function open(name: string, options: RedisStoreOptions = {}): Promise<RedisStore> {
    const store = await RedisStore.open(name, { connection: server.connection, ...options });
    onTestFinished(() => store.close());
    return store;
  }

  eventStoreContract('RedisStore', {
    make: () => open(`contract-${journals++}`),
    reopen: (store) => open((store as RedisStore).name),
    breakNext: async (store) => {
      await server.ask('HSET', `taskpool:{${(store as RedisStore).name}}:meta`, 'fence', 'other');
    },
  });
});
