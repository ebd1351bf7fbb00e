/** The size of a pool: how many of its tasks may hold a slot. */

/** Whether a slot is free. */
export function hasFreeSlot(pool: { readonly slots: number; readonly poolSize: number }): boolean {
  return pool.slots < pool.poolSize;
}
