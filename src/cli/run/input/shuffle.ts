/** Shuffles items; the order is determined by the seed, so that a run can be resumed. */

export async function* shuffled(
  batches: AsyncIterable<readonly unknown[]>,
  seed: number,
): AsyncGenerator<readonly unknown[]> {
  const items: unknown[] = [];
  for await (const batch of batches) for (const item of batch) items.push(item);
  const random = randomOf(seed);
  // Fisher-Yates shuffle.
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
  yield items;
}

/** Returns a random seed. */
export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

/** A generator of numbers from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
