/** Recognizes errors and reasons that stem from the suspension of a pool. */

import type { PoolSuspended } from '../../errors.ts';
import { read } from '../../kit/realms.ts';

/** By its code: `instanceof` would run what a proxy has in place of prototypes. */
export function isSuspension(error: unknown): error is PoolSuspended {
  return read(error, 'code') === 'PoolSuspended';
}
