/** Standing by: which store it is that the pool writes to, and which pool it becomes. */

import { SimpleTaskPool, TaskPool } from 'xstate-taskpool';
import type { RedisStore } from 'xstate-taskpool/journal/redis';
import type { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { recoverSimpleTaskPool, standBy } from 'xstate-taskpool/recovery';
import { check, type Equal } from '../support/types.ts';

declare const inRedis: RedisStore;
declare const onDisk: SqliteStore;
const functions = { double: async (n: number) => 2 * n };

const begun = await standBy(inRedis, {
  functions,
  begin: (journal) => new TaskPool({ journal, functions }),
});
check<Equal<typeof begun.store, RedisStore>>();
begun.pool.map(functions.double, [1]);

const simple = await standBy(onDisk, (store) =>
  recoverSimpleTaskPool(store, functions.double, [1], { functions }),
);
check<Equal<typeof simple.store, SqliteStore>>();
const pool: SimpleTaskPool<number, [number]> = simple.pool;
pool.start(1);
new SimpleTaskPool(functions.double, [1]);

// @ts-expect-error a recovery needs functions
standBy(inRedis, {});
// @ts-expect-error an option there is not
standBy(inRedis, { functions, lease: 5 });
