/** Functions that run on many machines, over BullMQ and Redis: `xstate-taskpool/cluster`. */

export type { RedisConnection } from '../node/redis/connection.ts';
export { cluster } from './cluster.ts';
export type { ClusterOptions } from './coordinator/options.ts';
export { moduleHash } from './module-hash.ts';
export type { ClusterLogger } from './options.ts';
export type { Remote, RemoteModule } from './types.ts';
export type { WorkerInfo } from './wire.ts';
export type { ClusterWorker, JobReport, ServeOptions, WorkerStatus } from './worker/options.ts';
export { serve } from './worker/serve.ts';
