/** Journals of older versions are read, and continued. */

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { crc32, snapshotCrc } from '../../../src/node/journal/crc32.ts';
import { plainBytesOf } from '../../../src/node/journal/jsonl/batch-format.ts';
import { all, events, take } from '../../support/batches.ts';
import { ROOT } from '../../support/built.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import {
  type DurableKind,
  filesOf,
  jsonlKind,
  newPath,
  sqliteKinds,
} from '../../support/stores.ts';

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
    plainBytesOf(
      from,
      locked(from, count).map((event) => JSON.stringify(event)),
    );
  const file = join(path, 'events-0000000000000000.jsonl');
  writeFileSync(file, Buffer.concat([batch(0, 6), batch(6, 4)]));
  const header = JSON.stringify({ snapshot: 7, bytes: Buffer.byteLength(STATE) + 1, crc: CRC });
  const snapshot = join(path, 'snapshot-0000000000000007.json');
  writeFileSync(snapshot, `${header}\n${STATE}\n`);
  await goOn(jsonlKind, path);
});

const SINCE_2 = `
  CREATE TABLE snapshot_part (draft INTEGER NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (draft, part));
  CREATE TABLE writer (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL);
  INSERT INTO writer VALUES (1, 'somebody');
`;

/** A database of 10 events in two batches, as a version of the tables before the third one has it. */
async function olderDatabase(path: string, version: 1 | 2): Promise<void> {
  const { default: Database } = await import('libsql');
  const database = new Database(path);
  database.exec(`
    CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE batch (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, crc INTEGER NOT NULL);
    CREATE TABLE snapshot (seq INTEGER PRIMARY KEY, state TEXT NOT NULL, crc INTEGER NOT NULL);
    ${version === 1 ? '' : SINCE_2}
    PRAGMA application_id = ${0x78_74_70_6a};
    PRAGMA user_version = ${version};
  `);
  const bodies = locked(0, 10).map((event) => JSON.stringify(event));
  const text = (body: string) => `'${body.replaceAll("'", "''")}'`;
  // Prepared statements would keep the database open until they are collected.
  for (const [seq, body] of bodies.entries()) {
    database.exec(`INSERT INTO event (seq, body) VALUES (${seq}, ${text(body)})`);
  }
  for (const [first, end] of [
    [0, 6],
    [6, 10],
  ] as const) {
    const crc = crc32(`[${bodies.slice(first, end).join(',')}]`);
    database.exec(`INSERT INTO batch (first, last, crc) VALUES (${first}, ${end - 1}, ${crc})`);
  }
  database.exec(`INSERT INTO snapshot (seq, state, crc) VALUES (7, ${text(STATE)}, ${CRC})`);
  database.close();
}

const QUERY = `
  import Database from 'libsql';
  const database = new Database(process.argv[1]);
  const rows = database.prepare('SELECT body FROM event ORDER BY seq').all();
  process.stdout.write(JSON.stringify(rows.map(({ body }) => JSON.parse(body))));`;

/**
 * The events that queries of another process find. In this one a second library of SQLite would release
 * the locks of the first one as it closes the file.
 */
async function queried(path: string): Promise<unknown[]> {
  const args = ['--input-type=module', '-e', QUERY, path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  return JSON.parse(stdout);
}

describe.each(sqliteKinds)('of a $name', (kind) => {
  test.each([1, 2] as const)('of version %i', async (version) => {
    const path = await newPath();
    await olderDatabase(path, version);
    expect(await queried(path)).toEqual(locked(0, 10));
    await goOn(kind, path);
    expect(await queried(path)).toEqual(locked(0, 15));
  });

  test('whose oldest events are dropped, in the middle of a batch', async () => {
    const path = await newPath();
    await olderDatabase(path, 2);
    const store = await kind.open(path);
    await store.append(locked(10, 10));
    for (const first of [3, 6, 8, 10, 13, 20]) {
      const seq = 19;
      const prune = { keepLast: 20 - first };
      await store.checkpoint({ seq, state: sampleState(seq), prune });
      expect(store).toMatchObject({ firstSeq: first, nextSeq: 20 });
      expect(await all(store.read())).toEqual(locked(first, 20 - first));
      expect(await queried(path)).toEqual(locked(first, 20 - first));
    }
    await store.close();
    const again = await kind.open(path);
    expect(again).toMatchObject({ firstSeq: 20, nextSeq: 20 });
    await again.append(locked(20, 2));
    expect(await all(again.read())).toEqual(locked(20, 2));
  });

  test('that is read while it is opened to write', async () => {
    const path = await newPath();
    await olderDatabase(path, 2);
    const reader = await kind.open(path, { readonly: true });
    const tail = events(reader.tail());
    expect(await take(tail, 10)).toEqual(locked(0, 10));
    const store = await kind.open(path);
    await store.append(locked(10, 5));
    expect(await take(tail, 5)).toEqual(locked(10, 5));
    expect(await all(reader.read())).toEqual(locked(0, 15));
  });

  test('of which a batch is gone is not made new', async () => {
    const path = await newPath();
    await olderDatabase(path, 2);
    const { default: Database } = await import('libsql');
    const database = new Database(path);
    database.exec('DELETE FROM batch WHERE first = 6');
    database.close();
    expect(await rejectionOf(kind.open(path))).toMatchObject({ code: 'StoreCorrupt', seq: 6 });
    const again = await kind.open(path, { readonly: true });
    await expect(all(again.read())).rejects.toMatchObject({ code: 'StoreCorrupt', seq: 6 });
  });

  test('of a later version is refused', async () => {
    const path = await newPath();
    await (await kind.open(path)).close();
    const { default: Database } = await import('libsql');
    const database = new Database(path);
    database.exec('PRAGMA user_version = 4');
    database.close();
    expect((await rejectionOf(kind.open(path))) as Error).toMatchObject({
      name: 'RangeError',
      message: `expected a journal of version 1 to 3, got version 4: ${path}`,
    });
  });
});

test('a JsonlStore of a later format is refused', async () => {
  const path = await newPath();
  const store = await jsonlKind.open(path);
  await store.append(locked(0, 3));
  await store.close();
  const [file = ''] = filesOf(path).filter((name) => name.includes('events-'));
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  const header = '{"format":3,"first":0,"count":3,"compressed":1234';
  const head = crc32(header).toString(16).padStart(8, '0');
  writeFileSync(file, [`${header},"head":"${head}"}`, ...rest].join('\n'));
  for (const readonly of [false, true]) {
    const reading = jsonlKind.open(path, { readonly }).then((opened) => all(opened.read()));
    expect((await rejectionOf(reading)) as Error).toMatchObject({
      name: 'RangeError',
      message: `expected a journal of format 1 to 2, got format 3: ${file}`,
    });
  }
});
