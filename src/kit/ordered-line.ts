/** A line whose entries are served by score, and of equal score in the order of arrival. */

import { Heap, type HeapEntry } from './heap.ts';

/** Where an entry is that stands in the linked part of a line; from 0 on: in its heap. */
const LINKED = -2;

/** An entry of an {@link OrderedLine}. It is in one line at a time. */
export interface LineEntry<E> extends HeapEntry {
  /** The higher, the sooner. Not to be changed while it is in a line. */
  readonly score: number;
  /** Of equal score, the lower the sooner. Not to be changed while it is in a line. */
  readonly arrival: number;
  /** Its neighbours in the linked part. Set by the line alone. */
  previous: E | undefined;
  next: E | undefined;
}

/** Whether an entry is served before another one. */
export function isBefore(
  one: Pick<LineEntry<unknown>, 'score' | 'arrival'>,
  other: Pick<LineEntry<unknown>, 'score' | 'arrival'>,
): boolean {
  return one.score === other.score ? one.arrival < other.arrival : one.score > other.score;
}

/**
 * Entries that come in the order in which they are served, as all do where nobody has a priority, are
 * linked to one another, at a constant price. The others are in a heap, which is made for the first.
 */
export class OrderedLine<E extends LineEntry<E>> {
  #first: E | undefined = undefined;
  #last: E | undefined = undefined;
  #heap: Heap<E> | undefined = undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The entry that is served next; undefined if there is none. */
  get first(): E | undefined {
    const linked = this.#first;
    const other = this.#heap?.first;
    if (other === undefined) return linked;
    return linked === undefined || isBefore(other, linked) ? other : linked;
  }

  /** Adds an entry that is in no line. */
  push(entry: E): void {
    this.#length++;
    const last = this.#last;
    if (last !== undefined && isBefore(entry, last)) {
      this.#heap ??= new Heap<E>(isBefore);
      this.#heap.push(entry);
      return;
    }
    entry.place = LINKED;
    entry.previous = last;
    if (last === undefined) this.#first = entry;
    else last.next = entry;
    this.#last = entry;
  }

  /** Takes the entry out that is served next; undefined if there is none. */
  shift(): E | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Removes an entry that is in this line. */
  remove(entry: E): void {
    this.#length--;
    if (entry.place !== LINKED) {
      this.#heap?.remove(entry);
      return;
    }
    const { previous, next } = entry;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    entry.previous = undefined;
    entry.next = undefined;
    entry.place = -1;
  }

  /** All entries, in no particular order. */
  *[Symbol.iterator](): Generator<E> {
    for (let entry = this.#first; entry !== undefined; entry = entry.next) yield entry;
    if (this.#heap !== undefined) yield* this.#heap;
  }
}
