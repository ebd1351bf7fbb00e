/** Counts remote attempts by place: threads, and workers of a cluster. */

import { OTHERS } from './others.ts';

/** The counts of one place. */
export interface PlaceCount {
  /** `thread-3` or `host:4711:c0ffee`; `(others)` for places that are not counted separately any more. */
  readonly name: string;
  /** The number of attempts running there. */
  readonly running: number;
  /** The number of attempts that have begun there. */
  readonly started: number;
  /** The number of failed attempts, retried or not. */
  readonly failed: number;
  /** When the latest one began: milliseconds since the epoch. */
  readonly lastAt: number;
}

/** A counted place. */
export type Place = { -readonly [K in keyof PlaceCount]: PlaceCount[K] };

export class Places {
  readonly #limit: number;
  readonly #places = new Map<string, Place>();
  #others: Place | undefined = undefined;

  /**
   * @param limit the number of places counted separately: workers come and go.
   */
  constructor(limit: number, counts: readonly PlaceCount[] = []) {
    this.#limit = limit;
    for (const count of counts) {
      if (count.name === OTHERS) this.#others = { ...count };
      else this.#places.set(count.name, { ...count });
    }
  }

  /** The place with a name, counted separately while there is room. */
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

  /** Merges the oldest place without running attempts into the others; false if there is none. */
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
