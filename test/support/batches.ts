/** The events that stores yield, in batches of any size. */

import type { PoolEvent } from 'xstate-taskpool';

/** The `seq` of each event. */
export const seqs = (batch: readonly PoolEvent[]) => batch.map(({ seq }) => seq);
/** The numbers from the first to the last. */
export const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

/** All events of all batches. */
export async function all(batches: AsyncIterable<readonly PoolEvent[]>): Promise<PoolEvent[]> {
  const read: PoolEvent[] = [];
  for await (const batch of batches) read.push(...batch);
  return read;
}

/** The events of batches, one by one. */
export async function* events(
  batches: AsyncIterable<readonly PoolEvent[]>,
): AsyncGenerator<PoolEvent> {
  for await (const batch of batches) yield* batch;
}

/** The next events, at most as many as asked for. */
export async function take(items: AsyncGenerator<PoolEvent>, count: number): Promise<PoolEvent[]> {
  const taken: PoolEvent[] = [];
  while (taken.length < count) {
    const { done, value } = await items.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}
