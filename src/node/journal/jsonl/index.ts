export type { Durability } from '../durability.ts';
export { exportJsonl, importJsonl, type Transfer } from './export.ts';
export { JsonlStore, type JsonlStoreOptions } from './jsonl-store.ts';
export type { TornTail } from './segments-writer.ts';
