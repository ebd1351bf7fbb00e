/** Values by dense, growing ids, in pages that go when they are empty. Half the price of a Map. */

const BITS = 8;
const LENGTH = 2 ** BITS;
/** The place in a page: right for every whole number, and a quarter of the price of `%`. */
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
  /** The page that was used last: ids that are close in time are close in number. */
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

  /** Removes a value that is there. */
  remove(id: number): void {
    const page = this.#pageOf(id) as Page<T>;
    page.values[id & MASK] = undefined;
    page.count--;
    this.size--;
    // A page is filled in order, so only one whose last place was used can be over.
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
