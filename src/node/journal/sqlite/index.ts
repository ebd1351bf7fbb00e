export type { Durability } from '../durability.ts';
export type { DriverName } from './driver.ts';
export { SqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
