/** A binary heap of values by score, then by arrival. */

/** The shortest that the arrays are. */
const ROOM = 16;

/**
 * The highest score first, then the lowest arrival. The numbers are stored in separate arrays, so that comparisons do
 * not access the values, which may be scattered in memory.
 */
export class ScoreHeap<T> {
  #scores = new Float64Array(ROOM);
  #arrivals = new Float64Array(ROOM);
  readonly #values: T[] = [];

  get length(): number {
    return this.#values.length;
  }

  /** The first value; undefined if there is none. */
  get first(): T | undefined {
    return this.#values[0];
  }

  /** The score of the first value; undefined if there is none. */
  get best(): number | undefined {
    return this.#values.length === 0 ? undefined : this.#scores[0];
  }

  /** Whether the first comes before what has this score and arrival. */
  isFirstBefore(score: number, arrival: number): boolean {
    return this.#values.length > 0 && this.#isBefore(0, score, arrival);
  }

  push(value: T, score: number, arrival: number): void {
    const values = this.#values;
    let place = values.length;
    values.push(value);
    if (place === this.#scores.length) this.#resize(2 * place);
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.#isBefore(above, score, arrival)) break;
      this.#move(above, place);
      place = above;
    }
    this.#put(place, value, score, arrival);
  }

  /** Removes and returns the first value; undefined if there is none. */
  shift(): T | undefined {
    const values = this.#values;
    const first = values[0];
    const last = values.pop();
    const { length } = values;
    if (length === 0) return first;
    // As arrays do: what a million have taken is not kept for a few.
    if (length > ROOM && 4 * length < this.#scores.length) this.#resize(2 * length);
    const score = this.#scores[length] as number;
    const arrival = this.#arrivals[length] as number;
    let place = 0;
    for (let below = 1; below < length; below = 2 * place + 1) {
      if (below + 1 < length && this.#isOneBefore(below + 1, below)) below++;
      if (!this.#isBefore(below, score, arrival)) break;
      this.#move(below, place);
      place = below;
    }
    this.#put(place, last as T, score, arrival);
    return first;
  }

  /** All values, in no particular order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#values.values();
  }

  #isBefore(place: number, score: number, arrival: number): boolean {
    const own = this.#scores[place] as number;
    return own === score ? (this.#arrivals[place] as number) < arrival : own > score;
  }

  #isOneBefore(one: number, other: number): boolean {
    return this.#isBefore(one, this.#scores[other] as number, this.#arrivals[other] as number);
  }

  #move(from: number, to: number): void {
    this.#put(
      to,
      this.#values[from] as T,
      this.#scores[from] as number,
      this.#arrivals[from] as number,
    );
  }

  #put(place: number, value: T, score: number, arrival: number): void {
    this.#values[place] = value;
    this.#scores[place] = score;
    this.#arrivals[place] = arrival;
  }

  #resize(room: number): void {
    const scores = new Float64Array(room);
    const arrivals = new Float64Array(room);
    scores.set(this.#scores.subarray(0, room));
    arrivals.set(this.#arrivals.subarray(0, room));
    this.#scores = scores;
    this.#arrivals = arrivals;
  }
}
