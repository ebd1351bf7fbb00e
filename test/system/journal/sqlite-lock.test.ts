/** A database that something else has locked: another program may look into it, and even write. */

import { expect, test } from 'vitest';
import { StoreLocked } from 'xstate-taskpool';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { all } from '../../support/batches.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { newPath, sqliteKinds } from '../../support/stores.ts';

interface Database {
  exec(sql: string): void;
  close(): void;
}

/** Another connection, as `sqlite3 FILE` has one, by the driver of the store. */
async function connect(driver: string | undefined, path: string): Promise<Database> {
  if (driver === 'node:sqlite') {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as unknown as {
      DatabaseSync: new (path: string) => Database;
    };
    return new DatabaseSync(path);
  }
  const { default: Libsql } = (await import('libsql')) as unknown as {
    default: new (path: string) => Database;
  };
  return new Libsql(path);
}

test.each(sqliteKinds)('$name: waits for a database that is locked', async (kind) => {
  const store = await kind.open(await newPath());
  const other = await connect(kind.options.driver, store.path);
  other.exec('BEGIN IMMEDIATE');
  const append = store.append(locked(0, 5));
  // Time goes on meanwhile: the event loop is not blocked.
  await new Promise((resolve) => setTimeout(resolve, 50));
  other.exec('COMMIT');
  expect(await append).toEqual({ lastSeq: 4 });
  other.close();
});

test.each(sqliteKinds)('$name: reading waits for whoever opens or closes it', async (kind) => {
  const path = await newPath();
  const store = await kind.open(path);
  await store.append(locked(0, 5));
  await store.checkpoint({ seq: 4, state: sampleState(4) });
  await store.close();
  const reader = await kind.open(path, { readonly: true });
  const other = await connect(kind.options.driver, path);
  const meanwhile = async <T>(read: () => Promise<T>): Promise<T> => {
    other.exec('BEGIN EXCLUSIVE');
    const reading = read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    other.exec('COMMIT');
    return reading;
  };
  expect(await meanwhile(() => all(reader.read()))).toEqual(locked(0, 5));
  expect(await meanwhile(() => reader.latestCheckpoint())).toMatchObject({ seq: 4 });
  other.close();
});

test.each(sqliteKinds)('$name: gives up a database that stays locked', async (kind) => {
  const store = await kind.open(await newPath());
  const other = await connect(kind.options.driver, store.path);
  other.exec('BEGIN IMMEDIATE');
  const error = await rejectionOf(store.append(locked(0, 5)));
  expect(error).toBeInstanceOf(StoreLocked);
  other.exec('COMMIT');
  expect(await rejectionOf(store.append(locked(0, 5)))).toBe(error);
  other.close();
});

test.each(sqliteKinds)('$name: leaves somebody else’s database alone', async (kind) => {
  const path = await newPath();
  const other = await connect(kind.options.driver, path);
  other.exec('CREATE TABLE t (a)');
  other.close();
  await expect(kind.open(path)).rejects.toThrow(
    new TypeError(`expected the journal of a pool, got another database: ${path}`),
  );
});

test('invalid options are refused', async () => {
  const path = await newPath();
  const open = (options: object) => rejectionOf(SqliteStore.open(path, options));
  expect(await open({ durability: 'safe' })).toEqual(
    new TypeError("expected durability to be 'none', 'os', 'batch' or 'event', got 'safe'"),
  );
  expect(await open({ driver: 'sqlite3' })).toEqual(
    new TypeError("expected driver to be 'node:sqlite' or 'libsql', got 'sqlite3'"),
  );
});
