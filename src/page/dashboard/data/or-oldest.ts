/** Loads a place in time, or the oldest place if that one was dropped meanwhile. */

/** How often the oldest place is tried, which a pool may drop just then. */
const MOST_TRIES = 4;

interface Places<T> {
  /** @throws where the place cannot be rebuilt. */
  readonly load: (seq: number) => Promise<T>;
  /** The oldest event that can be rebuilt now. */
  readonly oldest: () => Promise<number>;
}

/** @throws the last error of `load`. */
export async function orOldest<T>(seq: number, { load, oldest }: Places<T>): Promise<T> {
  let place = seq;
  for (let tries = 1; ; tries++) {
    try {
      return await load(place);
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      place = Math.max(place, await oldest());
    }
  }
}
