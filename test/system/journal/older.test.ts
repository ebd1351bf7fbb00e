/** Journals of older versions are read, and gone on with. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crc32, snapshotCrc } from '../../../src/node/journal/crc32.ts';
import { bytesOf } from '../../../src/node/journal/jsonl/batch-format.ts';
import { all } from '../../support/batches.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { type DurableKind, jsonlKind, newPath, sqliteKinds } from '../../support/stores.ts';

const STATE = JSON.stringify(sampleState(7));
const CRC = snapshotCrc(7, STATE);

async function goOn(kind: DurableKind, path: string): Promise<void> {
  const reader = await kind.open(path, { readonly: true });
  expect(await all(reader.read())).toEqual(locked(0, 10));
  expect(await reader.latestCheckpoint()).toEqual({ seq: 7, state: sampleState(7) });
  await reader.close();
  const store = await kind.open(path);
  expect(await store.latestCheckpoint()).toEqual({ seq: 7, state: sampleState(7) });
  await store.append(locked(10, 5));
  await store.checkpoint({ seq: 12, state: sampleState(12) });
  await store.close();
  const again = await kind.open(path);
  expect(await all(again.read())).toEqual(locked(0, 15));
  expect((await again.latestCheckpoint())?.seq).toBe(12);
}

test('of a JsonlStore', async () => {
  const path = await newPath();
  mkdirSync(path);
  const batch = (from: number, count: number) =>
    bytesOf({
      first: from,
      lines: locked(from, count).map((event) => JSON.stringify(event)),
      pool: 'sample',
    });
  const file = join(path, 'events-0000000000000000.jsonl');
  writeFileSync(file, Buffer.concat([batch(0, 6), batch(6, 4)]));
  const header = JSON.stringify({ snapshot: 7, bytes: Buffer.byteLength(STATE) + 1, crc: CRC });
  const snapshot = join(path, 'snapshot-0000000000000007.json');
  writeFileSync(snapshot, `${header}\n${STATE}\n`);
  await goOn(jsonlKind, path);
});

test.each(sqliteKinds)('of a $name', async (kind) => {
  const path = await newPath();
  const { default: Database } = await import('libsql');
  const database = new Database(path);
  database.exec(`
    CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE batch (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, crc INTEGER NOT NULL);
    CREATE TABLE snapshot (seq INTEGER PRIMARY KEY, state TEXT NOT NULL, crc INTEGER NOT NULL);
    PRAGMA application_id = ${0x78_74_70_6a};
    PRAGMA user_version = 1;
  `);
  const bodies = locked(0, 10).map((event) => JSON.stringify(event));
  const insert = database.prepare('INSERT INTO event (seq, body) VALUES (?, ?)');
  for (const [seq, body] of bodies.entries()) insert.run(seq, body);
  const sum = crc32(`[${bodies.join(',')}]`);
  database.prepare('INSERT INTO batch (first, last, crc) VALUES (0, 9, ?)').run(sum);
  database.prepare('INSERT INTO snapshot (seq, state, crc) VALUES (7, ?, ?)').run(STATE, CRC);
  database.close();
  await goOn(kind, path);
});
