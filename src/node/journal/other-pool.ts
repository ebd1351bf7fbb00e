/** The error for events that have the right numbers but belong to another pool. */

import { type PoolEvent, StoreCorrupt } from '../../index.ts';

export function otherPool(expected: string, { pool, seq }: PoolEvent): StoreCorrupt {
  return new StoreCorrupt(
    `expected event ${seq} to be of the pool '${expected}', got one of '${pool}'`,
    seq,
  );
}
