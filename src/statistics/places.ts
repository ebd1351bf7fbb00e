/** Where attempts run that run elsewhere: threads, and workers of a cluster. */

/** What ran at one place. */
export interface PlaceCount {
  /** `thread-3` or `host:4711:c0ffee`; `(others)` for those that have none of their own any more. */
  readonly name: string;
  /** Attempts that run there. */
  readonly running: number;
  /** Attempts that have begun there. */
  readonly started: number;
  /** Those that have failed, whether or not another one followed. */
  readonly failed: number;
  /** When the last one began: milliseconds since the epoch. */
  readonly lastAt: number;
}

/** A place that is counted. */
export type Place = { -readonly [K in keyof PlaceCount]: PlaceCount[K] };

/** What is counted once there are too many. */
const OTHERS = '(others)';

export class Places {
  readonly #limit: number;
  readonly #places = new Map<string, Place>();
  #others: Place | undefined = undefined;

  /** @param limit so many have figures of their own: workers come and go. */
  constructor(limit: number, counts: readonly PlaceCount[] = []) {
    this.#limit = limit;
    for (const count of counts) {
      if (count.name === OTHERS) this.#others = { ...count };
      else this.#places.set(count.name, { ...count });
    }
  }

  /** The place of a name, with figures of its own as long as there is room. */
  get(name: string, at: number): Place {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    if (this.#places.size >= this.#limit && !this.#fold()) return this.#rest(at);
    const place = newPlace(name, at);
    this.#places.set(name, place);
    return place;
  }

  merge(other: Places): void {
    for (const { name, running, started, failed, lastAt } of other.toJSON()) {
      const own = name === OTHERS ? this.#rest(lastAt) : this.get(name, lastAt);
      own.running += running;
      own.started += started;
      own.failed += failed;
      own.lastAt = Math.max(own.lastAt, lastAt);
    }
  }

  toJSON(): readonly PlaceCount[] {
    const others = this.#others === undefined ? [] : [this.#others];
    return [...this.#places.values(), ...others].map((place) => ({ ...place }));
  }

  /** Counts the oldest place at which nothing runs among the others; false if there is none. */
  #fold(): boolean {
    for (const place of this.#places.values()) {
      if (place.running > 0) continue;
      this.#places.delete(place.name);
      const others = this.#rest(place.lastAt);
      others.started += place.started;
      others.failed += place.failed;
      others.lastAt = Math.max(others.lastAt, place.lastAt);
      return true;
    }
    return false;
  }

  #rest(at: number): Place {
    this.#others ??= newPlace(OTHERS, at);
    return this.#others;
  }
}

function newPlace(name: string, at: number): Place {
  return { name, running: 0, started: 0, failed: 0, lastAt: at };
}
