/** `poolSize`: how many tasks of a pool may hold a slot. */

/** Whether a slot is free. */
export function hasFreeSlot(pool: { readonly slots: number; readonly poolSize: number }): boolean {
  return pool.slots < pool.poolSize;
}
