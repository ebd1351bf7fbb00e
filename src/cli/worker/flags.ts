/** What the command line says of a worker. */

import type { HealthAddress } from './health-address.ts';

/** The options of `taskpool worker`, as they were parsed. Durations are in milliseconds. */
export interface WorkerFlags {
  readonly name: string;
  readonly redis?: string;
  readonly concurrency?: number;
  readonly prefix?: string;
  readonly moduleVersion?: string;
  readonly hash?: boolean;
  readonly lease?: number;
  readonly grace?: number;
  readonly health?: HealthAddress;
  readonly watch?: boolean;
  readonly quiet?: boolean;
}

/** Where Redis is unless that is said. */
const DEFAULT_URL = 'redis://127.0.0.1:6379';

/** The environment may hold what `ps` is not to show. */
export const REDIS_VARIABLE = 'TASKPOOL_REDIS';

export function redisOf({ redis }: { readonly redis?: string }): string {
  return redis ?? process.env[REDIS_VARIABLE] ?? DEFAULT_URL;
}
