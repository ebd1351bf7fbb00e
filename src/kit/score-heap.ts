/** A binary heap of values by score, then by arrival. */

/**
 * The highest score first, then the lowest arrival. The numbers are stored in separate arrays, so that comparisons do
 * not access the values, which may be scattered in memory.
 */
export class ScoreHeap<T> {
  readonly #scores: number[] = [];
  readonly #arrivals: number[] = [];
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
    return this.#scores[0];
  }

  push(value: T, score: number, arrival: number): void {
    let place = this.length;
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
    const { first } = this;
    const last = this.#values.pop()!;
    const score = this.#scores.pop()!;
    const arrival = this.#arrivals.pop()!;
    const { length } = this;
    if (length === 0) return first;
    let place = 0;
    for (let below = 1; below < length; below = 2 * place + 1) {
      const right = below + 1;
      if (right < length && !this.#isBefore(below, this.#scores[right]!, this.#arrivals[right]!))
        below = right;
      if (!this.#isBefore(below, score, arrival)) break;
      this.#move(below, place);
      place = below;
    }
    this.#put(place, last, score, arrival);
    return first;
  }

  /** All values, in no particular order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#values.values();
  }

  #isBefore(place: number, score: number, arrival: number): boolean {
    const own = this.#scores[place]!;
    return own === score ? this.#arrivals[place]! < arrival : own > score;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#values[from]!, this.#scores[from]!, this.#arrivals[from]!);
  }

  #put(place: number, value: T, score: number, arrival: number): void {
    this.#values[place] = value;
    this.#scores[place] = score;
    this.#arrivals[place] = arrival;
  }
}
