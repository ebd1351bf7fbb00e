/** How a journal in Redis is opened: names, tenants, connections, and passwords that nobody gets to see. */

import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { RedisStore, type RedisStoreOptions } from 'xstate-taskpool/journal/redis';
import { all } from '../../support/batches.ts';
import { rejectionOf } from '../../support/observing.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { newName, openIn } from '../../support/redis-stores.ts';
import { locked } from '../../support/sample-events.ts';

const SECRET = 'never shown';

describeWithRedis('RedisStore.open()', () => {
  const server = redisForTests({ password: SECRET });

  test('takes a URL, options, or a client, which stays open', async () => {
    const name = newName();
    const client = new Redis(server.connection);
    let next = 0;
    for (const connection of [server.url, server.connection, client]) {
      const store = await openIn(server, name, { connection });
      expect(store.nextSeq).toBe(next);
      await store.append(locked(next++, 1));
      await store.close();
    }
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  test('keeps tenants apart by prefix', async () => {
    const name = newName();
    const [one, other] = [
      await openIn(server, name, { prefix: 'one:eu' }),
      await openIn(server, name, { prefix: 'other' }),
    ];
    await one.append(locked(0, 2));
    expect(await all(other.read())).toEqual([]);
  });

  test.each(['', 'a b', 'a{b}', 'a:b', 'a\n', 'x'.repeat(201), 5 as never])(
    'refuses the name %j',
    (name) => expect(openIn(server, name)).rejects.toThrow(/^expected the name of a journal/),
  );

  test.each<[object, RegExp]>([
    [{ prefix: 'a b' }, /^expected the prefix/],
    [{ lockTime: 5 }, /^expected lockTime/],
    [{ maxOutage: Number.NaN }, /^expected maxOutage/],
    [{ ttl: 5 }, /did you mean 'lockTime'/],
    [{ connection: `redis://:${SECRET}@:x:y` }, /^expected a URL/],
    [{ connection: `http://:${SECRET}@localhost` }, /^expected a URL/],
  ])('refuses %o, without a password', async (options, message) => {
    const opening = openIn(server, newName(), options as RedisStoreOptions);
    const error = await rejectionOf(opening);
    expect((error as Error).message).toMatch(message);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(SECRET);
  });

  test('shows no password that was refused', async () => {
    const connection = { ...server.connection, password: 'wrong and secret' };
    const error = await rejectionOf(RedisStore.open(newName(), { connection }));
    expect((error as Error).message).toMatch(/^expected /);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('wrong and secret');
  });
});
