export type { RedisConnection } from '../../redis/connection.ts';
export { RedisStore, type RedisStoreOptions } from './redis-store.ts';
