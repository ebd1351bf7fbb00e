/** The values of a metric by their attributes, as the SDK of OpenTelemetry exports them. */

import type { Attributes } from '@opentelemetry/api';

/** The maximum number of series of a metric, as in the SDK; further values are counted together. */
const MOST = 2000;
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };

/** The values with the same attributes. */
export interface Series<Value> {
  readonly attributes: Attributes;
  readonly value: Value;
}

/** Finds the series of attributes; for objects that were used before, without looking at what they contain. */
export class SeriesByAttributes<Value> {
  readonly #create: () => Value;
  readonly #byKey = new Map<string, Series<Value>>();
  readonly #byObject = new WeakMap<Attributes, Value>();

  /** @param create creates the value of a new series. */
  constructor(create: () => Value) {
    this.#create = create;
  }

  get(attributes: Attributes): Value {
    const known = this.#byObject.get(attributes);
    if (known !== undefined) return known;
    const { value } = this.#find(attributes);
    this.#byObject.set(attributes, value);
    return value;
  }

  [Symbol.iterator](): IterableIterator<Series<Value>> {
    return this.#byKey.values();
  }

  #find(attributes: Attributes): Series<Value> {
    const key = keyOf(attributes);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const isFull = this.#byKey.size >= MOST - 1;
    if (isFull && attributes !== OVERFLOW) return this.#find(OVERFLOW);
    const series = { attributes, value: this.#create() };
    this.#byKey.set(key, series);
    return series;
  }
}

function keyOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A histogram as the SDK exports it. */
export interface BucketsData {
  readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
  readonly sum: number;
  readonly count: number;
  readonly min?: number;
  readonly max?: number;
}

/** Counts values by buckets. */
export class Buckets {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** @param bounds the upper ends of the buckets, ascending. Larger values have a bucket of their own. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  record(value: number): void {
    const bounds = this.#bounds;
    let low = 0;
    for (let high = bounds.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((bounds[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    this.#counts[low]!++;
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  toJSON(): BucketsData {
    const ends = this.#count === 0 ? {} : { min: this.#min, max: this.#max };
    const buckets = { boundaries: [...this.#bounds], counts: [...this.#counts] };
    return { buckets, sum: this.#sum, count: this.#count, ...ends };
  }
}
