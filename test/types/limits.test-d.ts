import { type PoolLimit, TaskPool } from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

const pool = new TaskPool({ limits: { host: { concurrent: 2 }, api: {} } });

// Limits are known by the names that the pool was made with.
check<Equal<typeof pool.limits.host, PoolLimit>>();
// @ts-expect-error there is no such limit
void pool.limits.hosts;
// @ts-expect-error there is no such limit
pool.map((n: number) => n, [1], { limits: { hosts: 'a' } });

// A function that gives keys gets an item.
pool.map(async (url: string) => url.length, ['a'], {
  limits: {
    host: (url) => {
      check<Equal<typeof url, string>>();
      return url;
    },
    api: true,
  },
});
// @ts-expect-error a key is a string, a number or true
pool.map((n: number) => n, [1], { limits: { host: (n) => [n] } });

// Keys of submissions are values.
void pool.submit((n: number) => n, [1], { limits: { host: 'a', api: true } });
// @ts-expect-error no function
void pool.submit((n: number) => n, [1], { limits: { host: () => 'a' } });

// Whatever limits a pool has, it is a pool.
const anyPool: TaskPool = pool;
void anyPool;
