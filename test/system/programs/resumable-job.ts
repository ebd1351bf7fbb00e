/**
 * A job that may be killed at any moment: started again with the same arguments, it goes on.
 *
 * Each item leaves a line in a file: itself, the id of its task, its attempt, where the journal stood
 * when the process began, and which process it was. `node resumable-job.js KIND JOURNAL FOLDER ITEMS SOURCE CHECKPOINTS`,
 * where JOURNAL is a path, or the port of a Redis and a name: `PORT/NAME`.
 */

import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TaskContext, TaskPool } from 'xstate-taskpool';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { recoverTaskPool } from 'xstate-taskpool/recovery';

const [kind, journal = '', folder = '', items, source, every] = process.argv.slice(2);
const count = Number(items);
const store = await openStore();
const began = store.nextSeq;
const effects = await open(join(folder, 'effects'), 'a');

async function openStore() {
  if (kind === 'jsonl') return JsonlStore.open(journal);
  if (kind === 'sqlite') return SqliteStore.open(journal);
  const [port, name = ''] = journal.split('/');
  return RedisStore.open(name, { connection: { host: '127.0.0.1', port: Number(port) } });
}

async function work(item: number, { id, attempt }: TaskContext): Promise<number> {
  await effects.write(`${item} ${id} ${attempt} ${began} ${process.pid}\n`);
  return item;
}

function* numbers(from: number): Generator<number> {
  for (let item = from; item < count; item++) yield item;
}

const functions = { work };
const checkpoints = every === undefined ? {} : { checkpoints: { every: Number(every) } };
const pool =
  began === 0
    ? new TaskPool({ name: 'job', journal: store, functions, poolSize: 16, ...checkpoints })
    : await recoverTaskPool(store, { functions, sources: { items: numbers }, ...checkpoints });
// What was written last may be the pool without its group.
if (pool.totals.created === 0 && pool.snapshot().groups.length === 0 && !pool.isLocked) {
  pool.map(work, source === 'array' ? [...numbers(0)] : numbers(0), {
    groupName: 'items',
    numConcurrent: 12,
  });
}
if (began > 0) {
  const snapshot = pool.snapshot();
  await writeFile(join(folder, `resumed-${snapshot.seq}.json`), JSON.stringify(snapshot));
}
// From here on there is something to go on with.
await pool.untilDurable();
console.log('ready');
await pool.gatherAndClose();
await writeFile(join(folder, 'end.json'), JSON.stringify(pool.snapshot()));
await store.close();
