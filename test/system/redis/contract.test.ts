/** The store in Redis keeps the rules that all stores keep. */

import { test } from 'vitest';
import type { RedisStore } from 'xstate-taskpool/journal/redis';
import { eventStoreContract } from 'xstate-taskpool/testing/contracts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { keyOf, openIn } from '../../support/redis-stores.ts';

describeWithRedis('in Redis', () => {
  const server = redisForTests();

  const cases = eventStoreContract({
    make: () => openIn(server),
    reopen: (store) => openIn(server, (store as RedisStore).name),
    breakNext: async (store) => {
      await server.ask('HSET', keyOf(store as RedisStore, 'meta'), 'fence', 'another');
    },
  });
  for (const { name, run } of cases) test(name, run);
});
