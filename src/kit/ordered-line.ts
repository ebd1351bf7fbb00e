/** A queue ordered by score, then by arrival. */

import { Heap, type HeapEntry } from './heap.ts';
import { Chain, type Linked } from './linked-list.ts';

/** The `place` of entries in the linked part of a line; from 0 on they are in its heap. */
const LINKED = -2;

/** An entry of an {@link OrderedLine}. It is in one line at a time. */
export interface LineEntry<E> extends HeapEntry, Linked<E> {
  /** Higher scores come first. Must not change while it is in a line. */
  readonly score: number;
  /** With equal scores, lower arrivals come first. Must not change while it is in a line. */
  readonly arrival: number;
}

/** Whether an entry is served before another one. */
export function isBefore(
  one: Pick<LineEntry<unknown>, 'score' | 'arrival'>,
  other: Pick<LineEntry<unknown>, 'score' | 'arrival'>,
): boolean {
  return one.score === other.score ? one.arrival < other.arrival : one.score > other.score;
}

/**
 * Entries that arrive in the order in which they are served, as all do without priorities, are linked in constant
 * time. All others are in a heap, which is created for the first of them.
 */
export class OrderedLine<E extends LineEntry<E>> {
  readonly #linked = new Chain<E>();
  #heap: Heap<E> | undefined = undefined;

  get length(): number {
    return this.#linked.length + (this.#heap?.length ?? 0);
  }

  /** The next entry; undefined if there is none. */
  get first(): E | undefined {
    const linked = this.#linked.first;
    const other = this.#heap?.first;
    if (other === undefined) return linked;
    return linked === undefined || isBefore(other, linked) ? other : linked;
  }

  /** Adds an entry that is in no line. */
  push(entry: E): void {
    const { last } = this.#linked;
    if (last !== undefined && isBefore(entry, last)) {
      this.#heap ??= new Heap<E>(isBefore);
      this.#heap.push(entry);
      return;
    }
    entry.place = LINKED;
    this.#linked.push(entry);
  }

  /** Removes and returns the next entry; undefined if there is none. */
  shift(): E | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Removes an entry that is in this line. */
  remove(entry: E): void {
    if (entry.place !== LINKED) {
      this.#heap?.remove(entry);
      return;
    }
    this.#linked.remove(entry);
    entry.place = -1;
  }

  /** All entries, in no particular order. */
  *[Symbol.iterator](): Generator<E> {
    yield* this.#linked.toArray();
    if (this.#heap !== undefined) yield* this.#heap;
  }
}
