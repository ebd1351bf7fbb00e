/**
 * A histogram with an accuracy of 1.6 %: its buckets are each a 32nd of a power of two wide. Recording takes a few
 * nanoseconds, and memory grows with the range of values only.
 */

/** A histogram as plain JSON. */
export interface HistogramData {
  /** The number of values. */
  readonly count: number;
  /** The sum of the values. */
  readonly sum: number;
  /** The smallest value. Missing without values. */
  readonly min?: number;
  /** The largest value. Missing without values. */
  readonly max?: number;
  /** The number of negligible values, below {@link LEAST}. */
  readonly zeros: number;
  /** The number of the first bucket in `counts`. */
  readonly first: number;
  /** The number of values in each bucket from `first` on. */
  readonly counts: readonly number[];
}

/** The number of buckets in a power of two, as bits of the mantissa. */
const BITS = 5;
/** Smaller values count as 0: 2 ** -10, in milliseconds about a microsecond. */
const LEAST = 2 ** -10;

// The upper half of a number's 64 bits: sign, 11 bits of exponent, 20 of mantissa. Without the lower bits of the
// mantissa it is the number of a bucket, which grows with the value.
const FLOAT = new Float64Array(1);
const HALVES = new Uint32Array(FLOAT.buffer);
/** The index of the upper half. */
const UPPER = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const SHIFT = 20 - BITS;

function bucketOf(value: number): number {
  FLOAT[0] = value;
  return (HALVES[UPPER] as number) >>> SHIFT;
}

/** The representative value of a bucket: its middle, at most 1/64 off. */
function middleOf(bucket: number): number {
  return (lowerEnd(bucket) + lowerEnd(bucket + 1)) / 2;
}

function lowerEnd(bucket: number): number {
  HALVES[UPPER] = bucket << SHIFT;
  HALVES[1 - UPPER] = 0;
  return FLOAT[0] as number;
}

/** Shared by all empty histograms, since there is one for each group. */
const NONE = new Float64Array(0);

/** A histogram of values of 0 or more, accurate to 1.6 %. Its count, sum, minimum and maximum are exact. */
export class Histogram {
  /** The number of values. */
  count = 0;
  /** The sum of the values. */
  sum = 0;
  /** The smallest value; `Infinity` without values. */
  min = Number.POSITIVE_INFINITY;
  /** The largest value; 0 without values. */
  max = 0;
  #zeros = 0;
  /** The number of the bucket at the beginning of the counts. */
  #first = 0;
  #counts = NONE;

  /** Records a value of 0 or more. */
  record(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value < LEAST) {
      this.#zeros++;
      return;
    }
    const place = bucketOf(value) - this.#first;
    if (place >= 0 && place < this.#counts.length) this.#counts[place]!++;
    else this.#addTo(this.#first + place, 1);
  }

  /** The value below which a share of the values is, from 0 to 1: 0.95 for p95. `undefined` without values. */
  quantile(share: number): number | undefined {
    if (this.count === 0) return undefined;
    let rank = Math.max(1, Math.ceil(share * this.count)) - this.#zeros;
    if (rank <= 0) return this.min;
    for (const [place, count] of this.#counts.entries()) {
      rank -= count;
      if (rank > 0) continue;
      return Math.min(this.max, Math.max(this.min, middleOf(this.#first + place)));
    }
    return this.max;
  }

  /** The number of values up to each of the bounds, which must be ascending; accurate to the width of a bucket. */
  countsUpTo(bounds: readonly number[]): number[] {
    let sum = 0;
    let place = 0;
    return bounds.map((bound) => {
      if (bound < LEAST) return bound < 0 ? 0 : this.#zeros;
      const end = bucketOf(bound) - this.#first;
      while (place <= end && place < this.#counts.length) sum += this.#counts[place++] as number;
      return sum + this.#zeros;
    });
  }

  /** Adds all values of another histogram. */
  merge(other: Histogram): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.#zeros += other.#zeros;
    for (const [place, count] of other.#counts.entries()) {
      if (count > 0) this.#addTo(other.#first + place, count);
    }
  }

  /** The histogram as plain JSON. */
  toJSON(): HistogramData {
    const { count, sum, min, max } = this;
    const ends = count === 0 ? {} : { min, max };
    const held = this.#counts.findIndex((held) => held > 0);
    if (held === -1) return { count, sum, ...ends, zeros: this.#zeros, first: 0, counts: [] };
    const end = this.#counts.findLastIndex((held) => held > 0) + 1;
    const counts = [...this.#counts.subarray(held, end)];
    return { count, sum, ...ends, zeros: this.#zeros, first: this.#first + held, counts };
  }

  /** Restores a histogram. */
  static fromJSON(data: HistogramData): Histogram {
    const histogram = new Histogram();
    histogram.count = data.count;
    histogram.sum = data.sum;
    histogram.min = data.min ?? Number.POSITIVE_INFINITY;
    histogram.max = data.max ?? 0;
    histogram.#zeros = data.zeros;
    for (const [place, count] of data.counts.entries()) {
      if (count > 0) histogram.#addTo(data.first + place, count);
    }
    return histogram;
  }

  #addTo(bucket: number, count: number): void {
    if (this.#counts.length === 0) this.#first = startOf(bucket);
    const end = this.#first + this.#counts.length;
    if (bucket < this.#first || bucket >= end) this.#grow(bucket);
    this.#counts[bucket - this.#first]! += count;
  }

  /** Makes room for all buckets up to one, by whole powers of two, so that it is rarely needed. */
  #grow(bucket: number): void {
    const first = Math.min(this.#first, startOf(bucket));
    const end = Math.max(this.#first + this.#counts.length, startOf(bucket) + 2 ** BITS);
    const counts = new Float64Array(end - first);
    counts.set(this.#counts, this.#first - first);
    this.#first = first;
    this.#counts = counts;
  }
}

/** The first bucket in the same power of two. */
function startOf(bucket: number): number {
  return bucket - (bucket % 2 ** BITS);
}
