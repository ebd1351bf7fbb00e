/** A journal in Redis is a store like any other. */

import { expectTypeOf, test } from 'vitest';
import { type EventStore, TaskPool } from 'xstate-taskpool';
import { RedisStore, type RedisStoreOptions } from 'xstate-taskpool/journal/redis';
import { recoverTaskPool } from 'xstate-taskpool/recovery';

const options: RedisStoreOptions = { connection: 'redis://localhost', prefix: 'tenant-a' };
const store = await RedisStore.open('mine', options);

test('is what pools write to, and recover from', () => {
  expectTypeOf(store).toEqualTypeOf<RedisStore>();
  expectTypeOf(store).toExtend<EventStore>();
  expectTypeOf(new TaskPool({ journal: store })).toEqualTypeOf<TaskPool>();
  expectTypeOf(recoverTaskPool(store, { functions: {} })).resolves.toEqualTypeOf<TaskPool>();
});

test('takes a client, options or a URL, and nothing that there is not', () => {
  void RedisStore.open('mine', { readonly: true, lockTime: 5000 });
  void RedisStore.open('mine', { connection: { host: 'redis', port: 6380 } });
  // @ts-expect-error: no name
  void RedisStore.open();
  // @ts-expect-error: an option there is not
  void RedisStore.open('mine', { ttl: 5000 });
});
