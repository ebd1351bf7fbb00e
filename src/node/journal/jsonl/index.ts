export type { Durability } from '../durability.ts';
export { exportJsonl, type ImportOptions, importJsonl, type Transfer } from './export.ts';
export type { TornTail } from './journal-end.ts';
export { JsonlStore, type JsonlStoreOptions } from './jsonl-store.ts';
