/**
 * How values are distributed, to within 1.6 %: counts in buckets that are each a 32nd of a power of two
 * wide. Recording takes a few nanoseconds, and memory grows with the spread of the values only.
 */

/** A histogram as plain JSON. */
export interface HistogramData {
  /** How many values there were. */
  readonly count: number;
  readonly sum: number;
  /** Not there without values. */
  readonly min?: number;
  readonly max?: number;
  /** How many values were too small to matter: less than {@link LEAST}. */
  readonly zeros: number;
  /** The number of the first bucket in `counts`. */
  readonly first: number;
  readonly counts: readonly number[];
}

/** Buckets in a power of two, as bits of the mantissa. */
const BITS = 5;
/** What is smaller counts as nothing: 2 ** -10, of milliseconds a microsecond. */
const LEAST = 2 ** -10;

// The upper half of a number's 64 bits: sign, 11 bits of the exponent, 20 of the mantissa. With the
// lower bits of the mantissa cut off, it is the number of a bucket; numbers grow with values.
const FLOAT = new Float64Array(1);
const HALVES = new Uint32Array(FLOAT.buffer);
/** Which half is the upper one. */
const UPPER = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const SHIFT = 20 - BITS;

function bucketOf(value: number): number {
  FLOAT[0] = value;
  return (HALVES[UPPER] as number) >>> SHIFT;
}

/** The value that stands for all in a bucket: its middle, which is 1/64 off at the most. */
function middleOf(bucket: number): number {
  return (lowerEnd(bucket) + lowerEnd(bucket + 1)) / 2;
}

function lowerEnd(bucket: number): number {
  HALVES[UPPER] = bucket << SHIFT;
  HALVES[1 - UPPER] = 0;
  return FLOAT[0] as number;
}

export class Histogram {
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;
  #zeros = 0;
  #first = 0;
  #counts: number[] = [];

  /** Takes in a value from 0 on. */
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
    else this.#add(this.#first + place, 1);
  }

  /** The value below which a share of the values is: 0.95 for p95. `undefined` if there are none. */
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

  /** How many values are at most each of these, which grow; to within the width of a bucket. */
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

  /** Takes in all the values of another one. */
  merge(other: Histogram): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.#zeros += other.#zeros;
    for (const [place, count] of other.#counts.entries()) {
      if (count > 0) this.#add(other.#first + place, count);
    }
  }

  toJSON(): HistogramData {
    const { count, sum, min, max } = this;
    const ends = count === 0 ? {} : { min, max };
    const counts = [...this.#counts];
    return { count, sum, ...ends, zeros: this.#zeros, first: this.#first, counts };
  }

  static fromJSON(data: HistogramData): Histogram {
    const histogram = new Histogram();
    histogram.count = data.count;
    histogram.sum = data.sum;
    histogram.min = data.min ?? Number.POSITIVE_INFINITY;
    histogram.max = data.max ?? 0;
    histogram.#zeros = data.zeros;
    histogram.#first = data.first;
    histogram.#counts = [...data.counts];
    return histogram;
  }

  #add(bucket: number, count: number): void {
    const counts = this.#counts;
    if (counts.length === 0) this.#first = bucket;
    let place = bucket - this.#first;
    if (place < 0) {
      counts.unshift(...new Array<number>(-place).fill(0));
      this.#first = bucket;
      place = 0;
    }
    while (counts.length <= place) counts.push(0);
    counts[place]! += count;
  }
}
