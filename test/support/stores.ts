/** Stores on disk, of every kind. */

import { copyFileSync, existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { JsonlStore, type JsonlStoreOptions } from 'xstate-taskpool/journal/jsonl';
import {
  type Durability,
  SqliteStore,
  type SqliteStoreOptions,
} from 'xstate-taskpool/journal/sqlite';
import { temporaryFolder } from './folders.ts';

export type DurableStore = SqliteStore | JsonlStore;
type Options = Pick<SqliteStoreOptions, 'durability' | 'readonly'> &
  Pick<JsonlStoreOptions, 'segmentBytes'>;

/** A kind of store on disk. */
export interface DurableKind {
  readonly name: string;
  readonly type: 'sqlite' | 'jsonl';
  /** The options of this kind. */
  readonly options: Pick<SqliteStoreOptions, 'driver'>;
  /** Opens the journal at a path; the store is closed after the test. */
  readonly open: (path: string, options?: Options) => Promise<DurableStore>;
}

export const DURABILITIES: readonly Durability[] = ['none', 'os', 'batch', 'event'];

/** Node's own SQLite, if available, and libsql. */
const drivers = (['node:sqlite', 'libsql'] as const).filter(
  (driver) => driver === 'libsql' || process.getBuiltinModule?.(driver) !== undefined,
);

export const sqliteKinds: readonly DurableKind[] = drivers.map((driver) => ({
  name: `SqliteStore by ${driver}`,
  type: 'sqlite',
  options: { driver },
  open: async (path, { segmentBytes: _, ...options } = {}) =>
    closing(await SqliteStore.open(path, { driver, ...options })),
}));

export const jsonlKind: DurableKind = {
  name: 'JsonlStore',
  type: 'jsonl',
  options: {},
  open: async (path, options) => closing(await JsonlStore.open(path, options)),
};

export const kinds: readonly DurableKind[] = [...sqliteKinds, jsonlKind];

/** A path for a new journal. */
export async function newPath(): Promise<string> {
  return join(await temporaryFolder(), 'journal');
}

/** Replaces the files of a journal by copies, as an inexperienced user might. */
export function replaceFiles({ path }: DurableStore): void {
  for (const file of filesOf(path)) {
    copyFileSync(file, `${file}.copy`);
    renameSync(`${file}.copy`, file);
  }
}

/** All files of a journal. */
export function filesOf(path: string): string[] {
  if (statSync(path).isDirectory()) return readdirSync(path).map((name) => join(path, name));
  return [path, `${path}-wal`].filter((file) => existsSync(file));
}

function closing<T extends DurableStore>(store: T): T {
  onTestFinished(() => store.close());
  return store;
}
