/** Lists with constant-time append and constant-time removal from anywhere. */

/**
 * A doubly linked list whose links are stored in its entries. Subclasses decide which fields they use, so that an
 * entry can be in several lists. Each subclass implements `push` and `remove`, since accessors of the links would
 * take a tenth of the time of a task.
 */
export abstract class LinkedList<T> {
  length = 0;
  first: T | undefined = undefined;
  last: T | undefined = undefined;

  abstract previousOf(entry: T): T | undefined;
  abstract nextOf(entry: T): T | undefined;

  /** Adds an entry that is in no list of this kind. */
  abstract push(entry: T): void;

  /**
   * Removes an entry that is in the list. Clears its links, which would otherwise delay the garbage collection of
   * later entries.
   */
  abstract remove(entry: T): void;

  /** Removes and returns the first entry; undefined if there is none. */
  shift(): T | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Whether an entry is in the list, provided that it is in no other list that uses the same fields. */
  has(entry: T): boolean {
    return this.first === entry || this.previousOf(entry) !== undefined;
  }

  /** All entries, in the order in which they were added. */
  toArray(): T[] {
    const entries: T[] = [];
    for (let entry = this.first; entry !== undefined; entry = this.nextOf(entry)) {
      entries.push(entry);
    }
    return entries;
  }
}

/** The place of a value in a {@link Line}. */
export interface Place<T> extends Linked<Place<T>> {
  readonly value: T;
}

/** A first-in, first-out queue from which values can also be removed by their place. */
export class Line<T> {
  readonly #places = new Chain<Place<T>>();

  get length(): number {
    return this.#places.length;
  }

  /** Adds a value at the end; returns its place, by which it can be removed. */
  push(value: T): Place<T> {
    const place: Place<T> = { value, previous: undefined, next: undefined };
    this.#places.push(place);
    return place;
  }

  /** Removes and returns the first place; undefined if there is none. */
  shift(): Place<T> | undefined {
    return this.#places.shift();
  }

  /** Removes a place that is in this line. */
  remove(place: Place<T>): void {
    this.#places.remove(place);
  }
}

/** An entry with links to its neighbours. */
export interface Linked<E> {
  previous: E | undefined;
  next: E | undefined;
}

/** A list for entries that are in one list at a time. */
export class Chain<E extends Linked<E>> extends LinkedList<E> {
  previousOf(entry: E): E | undefined {
    return entry.previous;
  }

  nextOf(entry: E): E | undefined {
    return entry.next;
  }

  push(entry: E): void {
    const { last } = this;
    entry.previous = last;
    if (last === undefined) this.first = entry;
    else last.next = entry;
    this.last = entry;
    this.length++;
  }

  remove(entry: E): void {
    const { previous, next } = entry;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    entry.previous = undefined;
    entry.next = undefined;
    this.length--;
  }
}
