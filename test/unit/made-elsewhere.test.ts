/** Classes that types refuse to make with `new`: in plain JavaScript the error says what to write. */

import { expect, test } from 'vitest';
import { ControlServer } from 'xstate-taskpool/control';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';

test.each([
  [SqliteStore, 'expected await SqliteStore.open(…), got new SqliteStore(…)'],
  [JsonlStore, 'expected await JsonlStore.open(…), got new JsonlStore(…)'],
  [RedisStore, 'expected await RedisStore.open(…), got new RedisStore(…)'],
  [ControlServer, 'expected new TCPControlServer(…) or new UnixControlServer(…)'],
])('%o', (made, message) => {
  const Made = made as unknown as new (...args: unknown[]) => unknown;
  for (const args of [[], ['jobs'], ['jobs', {}], [{}]]) {
    expect(() => new Made(...args)).toThrow(message);
  }
});
