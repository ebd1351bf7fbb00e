/** Recognizes errors and reasons that stem from the suspension of a pool. */

import type { PoolSuspended } from '../../errors.ts';
import { read } from '../../kit/realms.ts';

/** Checks the code, since `instanceof` would run the traps of a proxy. */
export function isSuspension(error: unknown): error is PoolSuspended {
  return read(error, 'code') === 'PoolSuspended';
}
