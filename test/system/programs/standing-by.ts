/**
 * One of several machines that run the same program: it begins the work, or waits and continues it.
 * `node standing-by.js HOST REDIS-PORT JOURNAL EFFECTS ITEMS LOCK-TIME`
 */

import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type TaskContext, TaskPool } from 'xstate-taskpool';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { standBy } from 'xstate-taskpool/recovery';

const [host = '', port, name = '', file = '', items, lockTime] = process.argv.slice(2);

// As if it were another machine: of a process of the same one it is known whether it runs.
os.hostname = () => host;
syncBuiltinESMExports();

const effects = await open(file, 'a');
let began = 0;

async function work(item: number, { id, attempt }: TaskContext): Promise<number> {
  await wait(5);
  await effects.write(`${item} ${id} ${attempt} ${began} ${process.pid}\n`);
  return item;
}

const functions = { work };
const reader = await RedisStore.open(name, {
  connection: { host: '127.0.0.1', port: Number(port) },
  readonly: true,
  lockTime: Number(lockTime),
});
console.log('waits');
const { pool, store } = await standBy(reader, {
  functions,
  begin: (journal) => {
    const begun = new TaskPool({ name: 'job', journal, functions, poolSize: 8 });
    begun.map(work, Array(Number(items)).keys(), { groupName: 'items' });
    return begun;
  },
  sources: { items: (from: number) => [...Array(Number(items)).keys()].slice(from) },
});
began = store.nextSeq;
console.log('leads');
process.once('SIGTERM', () => void pool.suspend().then(() => process.exit(0)));
pool.on('journal.failed', ({ error }) => console.log(`stepped down: ${error.name}`));
try {
  await pool.gatherAndClose();
  console.log('done');
} catch (error) {
  console.log(`ended: ${(error as Error).name}`);
} finally {
  await store.close();
}
