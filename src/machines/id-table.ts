/** Values by dense, growing ids, in pages that are freed when they are empty. Costs half as much as a Map. */

const BITS = 8;
const LENGTH = 2 ** BITS;
/** Masks the place in a page; costs a quarter of `%`. */
const MASK = LENGTH - 1;

interface Page<T> {
  readonly number: number;
  /** The id of its first place. */
  readonly first: number;
  readonly values: (T | undefined)[];
  count: number;
}

export class IdTable<T> {
  size = 0;
  readonly #pages = new Map<number, Page<T>>();
  /** The last used page: successive accesses are usually to close ids. */
  #recent: Page<T> = newPage(-1);

  get(id: number): T | undefined {
    const { first, values } = this.#recent;
    const place = id - first;
    if (place >= 0 && place < LENGTH) return values[place];
    return this.#pageOf(id)?.values[id & MASK];
  }

  /** Adds a value; the id must be larger than every one before. */
  add(id: number, value: T): void {
    const newest = this.#newest;
    const isIn = newest !== undefined && id - newest.first < LENGTH;
    const page = isIn ? newest : this.#addPage(id);
    page.values[id & MASK] = value;
    page.count++;
    this.size++;
  }

  /** Removes an existing value. */
  remove(id: number): void {
    const page = this.#pageOf(id) as Page<T>;
    page.values[id & MASK] = undefined;
    page.count--;
    this.size--;
    // Pages are filled in order, so an empty page other than the newest is never used again.
    if (page.count === 0 && page !== this.#newest) this.#pages.delete(page.number);
  }

  /** The values in the order of their ids. */
  *[Symbol.iterator](): Generator<T> {
    for (const page of this.#pages.values()) {
      for (const value of page.values) if (value !== undefined) yield value;
    }
  }

  /** The values in the reverse order of their ids, from the page of an id on. */
  *backwards(from = Number.POSITIVE_INFINITY): Generator<T> {
    for (const { values, number } of [...this.#pages.values()].reverse()) {
      if (number * LENGTH > from) continue;
      for (let place = LENGTH - 1; place >= 0; place--) {
        const value = values[place];
        if (value !== undefined) yield value;
      }
    }
  }

  #newest: Page<T> | undefined = undefined;

  #pageOf(id: number): Page<T> | undefined {
    const place = id - this.#recent.first;
    if (place >= 0 && place < LENGTH) return this.#recent;
    const page = this.#pages.get(Math.floor(id / LENGTH));
    if (page !== undefined) this.#recent = page;
    return page;
  }

  #addPage(id: number): Page<T> {
    const previous = this.#newest;
    const page = newPage<T>(Math.floor(id / LENGTH));
    this.#pages.set(page.number, page);
    this.#newest = page;
    this.#recent = page;
    if (previous?.count === 0) this.#pages.delete(previous.number);
    return page;
  }
}

function newPage<T>(number: number): Page<T> {
  const first = number * LENGTH;
  return { number, first, values: new Array<T | undefined>(LENGTH).fill(undefined), count: 0 };
}
