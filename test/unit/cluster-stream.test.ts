/** Following a stream of Redis: what is left of it once it is closed. */

import { expect, test } from 'vitest';
import { Stream } from '../../src/cluster/stream.ts';
import type { RedisClient } from '../../src/node/redis/connection.ts';

const numTimers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('a closed stream has no timer, though its last read is never answered', async () => {
  let disconnected = 0;
  const client = {
    xrevrange: async () => [],
    // Its connection is lost, and the next one will never be made.
    xread: () => new Promise(() => {}),
    disconnect() {
      disconnected += 1;
    },
  } as unknown as RedisClient;
  const stream = new Stream({ client, key: 'events', onEntry() {}, onTrouble() {} });
  const before = numTimers();
  await stream.start();
  expect(numTimers()).toBe(before + 1);
  stream.close();
  expect([numTimers(), disconnected]).toEqual([before, 1]);
});
