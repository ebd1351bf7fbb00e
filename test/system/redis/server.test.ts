/** The Redis that tests get: that it is there, holds what it should after an end, and is gone afterwards. */

import { expect, test } from 'vitest';
import { describeWithRedis, RedisServer } from '../../support/redis.ts';

describeWithRedis('a Redis for tests', () => {
  test('answers who knows the password', async () => {
    await using server = new RedisServer({ password: 'pa:ss w@rd' });
    await server.start();
    expect(await server.ask('SET', 'a', 'ä')).toBe('OK');
    expect(await server.ask('GET', 'a')).toBe('ä');
    expect(new URL(server.url).password).toBe(encodeURIComponent('pa:ss w@rd'));
  });

  test('holds what its log has after it was killed, at the same port', async () => {
    await using server = new RedisServer({ appendOnly: 'always' });
    await server.start();
    const { port } = server;
    await server.ask('SET', 'a', '1');
    await server.restart();
    expect(server.port).toBe(port);
    expect(await server.ask('GET', 'a')).toBe('1');
  });

  test('has nothing after it was killed without a log', async () => {
    await using server = new RedisServer();
    await server.start();
    await server.ask('SET', 'a', '1');
    await server.restart();
    expect(await server.ask('EXISTS', 'a')).toBe('0');
  });
});
