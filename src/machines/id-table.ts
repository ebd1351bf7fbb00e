/**
 * Values by dense, growing ids, in pages that are freed when they are empty. Costs half as much as a Map, which would
 * also keep what it has lost: it is rebuilt again and again as entries come and go, and each of its former tables
 * retains the next one, with its entries, until a full garbage collection.
 */

const LENGTH = 256;
/** Masks the place in a page; costs a quarter of `%`. */
const MASK = LENGTH - 1;

interface Page<T> {
  /** The id of its first place. */
  readonly first: number;
  readonly values: (T | undefined)[];
  count: number;
}

export class IdTable<T> {
  size = 0;
  /** In the order of their ids. */
  readonly #pages: Page<T>[] = [];
  /** The page of the last added id. At first one that is not among the pages. */
  #newest: Page<T> = newPage(-1);
  /** The last used page: successive accesses are usually to close ids. */
  #recent = this.#newest;

  get(id: number): T | undefined {
    return this.#pageOf(id)?.values[id & MASK];
  }

  /** Adds a value; the id must be larger than every one before. */
  add(id: number, value: T): void {
    const first = firstOf(id);
    let page = this.#newest;
    if (page.first !== first) {
      // An empty page other than the newest gets no more ids.
      if (page.count === 0) this.#pages.pop();
      page = newPage(first);
      this.#newest = page;
      this.#pages.push(page);
    }
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
    if (page.count === 0 && page !== this.#newest) this.#pages.splice(this.#pages.indexOf(page), 1);
  }

  /** The values in the order of their ids. */
  *[Symbol.iterator](): Generator<T> {
    for (const { values } of [...this.#pages]) {
      for (const value of values) if (value !== undefined) yield value;
    }
  }

  /** The values in the reverse order of their ids, from the page of an id on. */
  *backwards(from = Number.POSITIVE_INFINITY): Generator<T> {
    for (const { first, values } of [...this.#pages].reverse()) {
      if (first > from) continue;
      for (let place = MASK; place >= 0; place--) {
        const value = values[place];
        if (value !== undefined) yield value;
      }
    }
  }

  #pageOf(id: number): Page<T> | undefined {
    const first = firstOf(id);
    return this.#recent.first === first ? this.#recent : this.#find(first);
  }

  /** Bisects, but tries the oldest page first. */
  #find(first: number): Page<T> | undefined {
    let low = 0;
    let high = this.#pages.length;
    for (let place = 0; low < high; place = (low + high) >> 1) {
      const page = this.#pages[place] as Page<T>;
      if (page.first === first) {
        this.#recent = page;
        return page;
      }
      if (page.first > first) high = place;
      else low = place + 1;
    }
    return undefined;
  }
}

/** The first id of the page of an id. */
function firstOf(id: number): number {
  return id - (id & MASK);
}

function newPage<T>(first: number): Page<T> {
  return { first, values: new Array<T | undefined>(LENGTH).fill(undefined), count: 0 };
}
