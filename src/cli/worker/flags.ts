/** The options of `taskpool worker`. */

import type { HealthAddress } from './health-address.ts';

/** The options as parsed. Durations are in milliseconds. */
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
