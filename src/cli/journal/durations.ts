/** How long things took, in memory that does not grow with their number. */

/** Each bucket is so much wider than the one before: what is read off is right to that share. */
const STEP = 1.02;

export class Durations {
  /** How many fell into each bucket; the first one is for less than a millisecond. */
  readonly #buckets: number[] = [];
  #count = 0;
  longest = 0;

  add(milliseconds: number): void {
    const bucket = milliseconds < 1 ? 0 : 1 + Math.floor(Math.log(milliseconds) / Math.log(STEP));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count++;
    this.longest = Math.max(this.longest, milliseconds);
  }

  /** The milliseconds that a share of them did not exceed; undefined if there were none. */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    let left = Math.ceil(share * this.#count);
    for (const [bucket, count = 0] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0) return bucket === 0 ? 0 : Math.min(this.longest, Math.round(STEP ** bucket));
    }
    return this.longest;
  }
}
