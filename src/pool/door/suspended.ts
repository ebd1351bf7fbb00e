/** Telling that a pool was suspended, of errors and reasons that may be anything. */

import type { PoolSuspended } from '../../errors.ts';
import { read } from '../../kit/realms.ts';

/** By its code: `instanceof` would run what a proxy has in place of prototypes. */
export function isSuspension(error: unknown): error is PoolSuspended {
  return read(error, 'code') === 'PoolSuspended';
}
