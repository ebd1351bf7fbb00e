export type { Durability } from '../durability.ts';
export { JsonlStore, type JsonlStoreOptions } from './jsonl-store.ts';
export type { TornTail } from './segments-writer.ts';
