/** What was acknowledged and is gone is said to be so, and nothing is removed or written then. */

import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type PoolEvent, StoreCorrupt } from 'xstate-taskpool';
import { batchCrc } from '../../../src/node/journal/batch-crc.ts';
import { batchOf } from '../../../src/node/journal/form/write-batch.ts';
import { all } from '../../support/batches.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { jsonlKind, newPath, sqliteKinds } from '../../support/stores.ts';

const eventFiles = (path: string): string[] =>
  readdirSync(path)
    .filter((name) => name.startsWith('events-'))
    .map((name) => join(path, name));

/** The files of a folder and what they hold. */
const contentOf = (path: string) =>
  readdirSync(path).map((name) => [name, readFileSync(join(path, name)).toString('base64')]);

/** A journal of 22 events in two files, the second from event 10 on. */
async function twoFiles(checkpoint: number | undefined, from = 0): Promise<string> {
  const path = await newPath();
  const store = await jsonlKind.open(path, { segmentBytes: 300 });
  await store.append(locked(from, 10));
  await store.append(locked(from + 10, 12));
  if (checkpoint !== undefined) {
    await store.checkpoint({ seq: checkpoint, state: sampleState(checkpoint) });
  }
  await store.close();
  expect(eventFiles(path)).toHaveLength(2);
  return path;
}

async function expectCorrupt(path: string, seq: number): Promise<void> {
  const before = contentOf(path);
  const error = await rejectionOf(jsonlKind.open(path));
  expect(error).toBeInstanceOf(StoreCorrupt);
  expect((error as StoreCorrupt).seq).toBe(seq);
  expect(contentOf(path)).toEqual(before);
}

test('a first batch that is cut off, of a file that a checkpoint says more of', async () => {
  const path = await twoFiles(21);
  truncateSync(eventFiles(path)[1] as string, 100);
  await expectCorrupt(path, 10);
});

test('a last batch that is cut off, before which the checkpoint is', async () => {
  const path = await twoFiles(9);
  truncateSync(eventFiles(path)[1] as string, 100);
  const store = await jsonlKind.open(path);
  expect((store as { tornTail?: object }).tornTail).toEqual({ seq: 10, bytes: 100 });
  await store.append(locked(10, 5));
  expect(await all(store.read())).toEqual(locked(0, 15));
});

test('a file that another one follows, cut off', async () => {
  const path = await twoFiles(undefined);
  truncateSync(eventFiles(path)[0] as string, 100);
  await expectCorruptAtReading(path, 0);
});

test('the file of the only events, beside a checkpoint of them', async () => {
  const path = await twoFiles(21);
  for (const file of eventFiles(path)) rmSync(file);
  await expectCorrupt(path, 0);
});

test.each([0, 100])('the first file of a journal that begins with event %i', async (from) => {
  const path = await twoFiles(undefined, from);
  rmSync(eventFiles(path)[0] as string);
  await expectCorrupt(path, from);
  const reader = await jsonlKind.open(path, { readonly: true });
  await expect(all(reader.read())).rejects.toMatchObject({ code: 'StoreCorrupt', seq: from });
});

test('the first file that is held, after others were let go', async () => {
  const path = await newPath();
  const store = await jsonlKind.open(path, { segmentBytes: 300 });
  for (let seq = 0; seq < 40; seq += 10) await store.append(locked(seq, 10));
  await store.checkpoint({ seq: 15, state: sampleState(15), prune: true });
  await store.close();
  rmSync(eventFiles(path)[0] as string);
  await expectCorrupt(path, 16);
});

test('a journal of an older version begins with its first file', async () => {
  const path = await twoFiles(undefined, 100);
  rmSync(join(path, 'pruned.json'));
  for (const file of eventFiles(path)) {
    renameSync(file, join(path, `${basename(file).slice(0, 'events-'.length + 16)}.jsonl`));
  }
  const store = await jsonlKind.open(path);
  expect(store.firstSeq).toBe(100);
  await store.append(locked(122, 3));
  await store.close();
  const again = await jsonlKind.open(path);
  expect(await all(again.read())).toEqual(locked(100, 25));
});

test('a file of another pool that fits', async () => {
  const path = await twoFiles(undefined);
  const other = await newPath();
  const store = await jsonlKind.open(other);
  await store.append(locked(0, 10).map((event) => ({ ...event, pool: 'other' })));
  await store.append(locked(10, 3).map((event) => ({ ...event, pool: 'other' })));
  await store.close();
  const whole = readFileSync(eventFiles(other)[0] as string);
  const [, target = ''] = eventFiles(path);
  // Without its first batch, that is.
  const header = JSON.parse(whole.toString('utf8', 0, whole.indexOf('\n')));
  writeFileSync(target, whole.subarray(whole.indexOf('\n') + 1 + header.bytes));
  await expectCorrupt(path, 10);
  const reader = await jsonlKind.open(path, { readonly: true });
  const events: number[] = [];
  const reading = (async () => {
    for await (const batch of reader.read()) events.push(...batch.map(({ seq }) => seq));
  })();
  await expect(reading).rejects.toMatchObject({ code: 'StoreCorrupt', seq: 10 });
  expect(events).toHaveLength(10);
});

async function expectCorruptAtReading(path: string, seq: number): Promise<void> {
  const store = await jsonlKind.open(path);
  await expect(all(store.read())).rejects.toMatchObject({ code: 'StoreCorrupt', seq });
}

test.each(sqliteKinds)('$name: a database of 0 bytes, or none, beside a log', async (kind) => {
  const path = await newPath();
  const store = await kind.open(path);
  await store.append(locked(0, 100));
  for (const [name, damage] of [
    ['empty', (file: string) => truncateSync(file, 0)],
    ['gone', (file: string) => rmSync(file)],
  ] as const) {
    const copy = join(dirname(path), name);
    for (const end of ['', '-wal', '-shm']) copyFileSync(path + end, copy + end);
    damage(copy);
    const log = readFileSync(`${copy}-wal`);
    expect(await rejectionOf(kind.open(copy))).toMatchObject({ code: 'StoreCorrupt', seq: 0 });
    expect(readFileSync(`${copy}-wal`).equals(log)).toBe(true);
  }
});

test.each(sqliteKinds)('$name: a batch of another pool that fits', async (kind) => {
  const path = await newPath();
  const store = await kind.open(path);
  await store.append(locked(0, 10));
  await store.close();
  const { default: Database } = await import('libsql');
  const database = new Database(path);
  const event = { ...locked(10, 1)[0], pool: 'other' } as PoolEvent;
  const { context, rows } = batchOf([event], ',');
  database
    .prepare('INSERT INTO batch (first, last, crc, context, rows) VALUES (10, 10, ?, ?, ?)')
    .run(batchCrc(10, 10, context, rows), context, String(rows));
  database.exec('UPDATE writer SET last = 10');
  database.close();
  expect(await rejectionOf(kind.open(path))).toMatchObject({ code: 'StoreCorrupt', seq: 10 });
  const reader = await kind.open(path, { readonly: true });
  await expect(all(reader.read())).rejects.toMatchObject({ code: 'StoreCorrupt', seq: 10 });
});

test.each(sqliteKinds)('$name: batches at either end', async (kind) => {
  for (const [condition, seq] of [
    ['first < 10', 0],
    ['first >= 20', 20],
    ['true', 0],
  ] as const) {
    const path = await newPath();
    const store = await kind.open(path);
    for (const from of [0, 10, 20]) await store.append(locked(from, 10));
    await store.close();
    const { default: Database } = await import('libsql');
    const database = new Database(path);
    database.exec(`DELETE FROM batch WHERE ${condition}`);
    database.close();
    const reader = await kind.open(path, { readonly: true });
    await expect(all(reader.read())).rejects.toMatchObject({ code: 'StoreCorrupt', seq });
    await reader.close();
    expect(await rejectionOf(kind.open(path))).toMatchObject({ code: 'StoreCorrupt' });
  }
});
