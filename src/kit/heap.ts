/** A binary min-heap from which any entry can be removed in logarithmic time. */

/** An entry of a {@link Heap}, which keeps its place in it. */
export interface HeapEntry {
  /** Its index in its heap; -1 if it is in none. Only set by the heap. */
  place: number;
}

export class Heap<E extends HeapEntry> {
  readonly #entries: E[] = [];
  readonly #isBefore: (one: E, other: E) => boolean;

  /** @param isBefore the order; equal entries come in any order. */
  constructor(isBefore: (one: E, other: E) => boolean) {
    this.#isBefore = isBefore;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** The least entry; undefined if there is none. */
  get first(): E | undefined {
    return this.#entries[0];
  }

  push(entry: E): void {
    this.#entries.push(entry);
    this.#rise(entry, this.#entries.length - 1);
  }

  /** Removes an entry; does nothing if it is not there. */
  remove(entry: E): void {
    const { place } = entry;
    if (place < 0) return;
    entry.place = -1;
    const last = this.#entries.pop() as E;
    if (last !== entry) this.#settle(last, place);
  }

  /** All entries, in no particular order. */
  [Symbol.iterator](): IterableIterator<E> {
    return this.#entries.values();
  }

  #settle(entry: E, place: number): void {
    const parent = this.#entries[(place - 1) >> 1];
    if (parent !== undefined && place > 0 && this.#isBefore(entry, parent))
      this.#rise(entry, place);
    else this.#sink(entry, place);
  }

  #rise(entry: E, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#entries[above] as E;
      if (!this.#isBefore(entry, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(entry, place);
  }

  #sink(entry: E, from: number): void {
    const { length } = this.#entries;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= length) break;
      const right = this.#entries[below + 1];
      if (right !== undefined && this.#isBefore(right, this.#entries[below] as E)) below++;
      const child = this.#entries[below] as E;
      if (!this.#isBefore(child, entry)) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(entry, place);
  }

  #put(entry: E, place: number): void {
    this.#entries[place] = entry;
    entry.place = place;
  }
}
