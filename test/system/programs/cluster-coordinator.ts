/**
 * A coordinator that may be killed at any moment: started again with the same arguments, it continues.
 * `node cluster-coordinator.js REDIS-PORT NAME ITEMS [FILE]`: its journal is in Redis, or in a file of SQLite.
 */

import { TaskPool } from 'xstate-taskpool';
import { cluster } from 'xstate-taskpool/cluster';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import type * as work from './cluster-worker.ts';

const [port, name = '', items, file] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port) };
const { visit, close } = cluster<typeof work>(name, { connection, lease: 2000 });
const store =
  file === undefined ? await RedisStore.open(name, { connection }) : await SqliteStore.open(file);
const numbers = (from: number) => [...Array(Number(items)).keys()].slice(from).values();
const options = { functions: { visit }, poolSize: 12 };
const pool =
  store.nextSeq === 0
    ? new TaskPool({ name, journal: store, ...options })
    : await recoverTaskPool(store, { ...options, sources: { items: numbers } });
if (pool.totals.created === 0 && pool.snapshot().groups.length === 0 && !pool.isLocked) {
  pool.map(visit, numbers(0), { groupName: 'items', retry: { limit: 20, delay: 10 } });
}
await pool.untilDurable();
console.log('ready');
await pool.gatherAndClose();
await pool.untilDurable();
await store.close();
await close();
console.log('done');
