/**
 * One of several machines that run the same program: it begins the work, or waits and continues it.
 * `node standing-by.js HOST PLACE JOURNAL EFFECTS ITEMS LOCK-TIME [GO]`, where PLACE is the port of a Redis, or
 * `sqlite` or `jsonl`, whose journal is a path. The second half of the items waits until the file GO is there.
 */

import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type JournalStore, type StandbyStore, type TaskContext, TaskPool } from 'xstate-taskpool';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { standBy } from 'xstate-taskpool/recovery';

const [host = '', place = '', name = '', file = '', items, lockTime, go] = process.argv.slice(2);

const Files = { sqlite: SqliteStore, jsonl: JsonlStore }[place];
if (Files === undefined) {
  // As if it were another machine: of a process of the same one it is known whether it runs.
  os.hostname = () => host;
  syncBuiltinESMExports();
}

const effects = await open(file, 'a');
let began = 0;

async function work(item: number, { id, attempt, signal }: TaskContext): Promise<number> {
  do await wait(5, undefined, { signal });
  while (go !== undefined && item >= Number(items) / 2 && !existsSync(go));
  await effects.write(`${item} ${id} ${attempt} ${began} ${process.pid}\n`);
  return item;
}

const functions = { work };

function begin(journal: JournalStore): TaskPool {
  const begun = new TaskPool({ name: 'job', journal, functions, poolSize: 8 });
  begun.map(work, Array(Number(items)).keys(), { groupName: 'items' });
  return begun;
}

async function openReader() {
  if (Files !== undefined) return Files.open(name, { readonly: true });
  const connection = { host: '127.0.0.1', port: Number(place) };
  return RedisStore.open(name, { connection, readonly: true, lockTime: Number(lockTime) });
}

/** A file has to be there before it can be waited for. */
async function lead() {
  if (Files !== undefined && !existsSync(name)) {
    const store = await Files.open(name);
    return { pool: begin(store), store };
  }
  const reader: StandbyStore<JournalStore> = await openReader();
  console.log('waits');
  const sources = { items: (from: number) => [...Array(Number(items)).keys()].slice(from) };
  return standBy(reader, { functions, begin, sources });
}

const { pool, store } = await lead();
began = pool.journal.nextSeq;
process.once('SIGTERM', () => void pool.suspend({ grace: 0 }).then(() => process.exit(0)));
console.log('leads');
pool.on('journal.failed', ({ error }) => console.log(`stepped down: ${error.name}`));
try {
  await pool.gatherAndClose();
  console.log('done');
} catch (error) {
  console.log(`ended: ${(error as Error).name}`);
} finally {
  await store.close();
}
