/** The stores that are measured. */
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { type Durability, SqliteStore } from 'xstate-taskpool/journal/sqlite';

interface MeasuredStore {
  readonly name: string;
  open(path: string, durability?: Durability): Promise<SqliteStore | JsonlStore>;
}

export const SQLITE = 'SqliteStore';
export const JSONL = 'JsonlStore';

export const stores: readonly MeasuredStore[] = [
  { name: SQLITE, open: (path, durability = 'os') => SqliteStore.open(path, { durability }) },
  { name: JSONL, open: (path, durability = 'os') => JsonlStore.open(path, { durability }) },
];
