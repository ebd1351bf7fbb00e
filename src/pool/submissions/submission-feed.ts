/** What was submitted and is no task yet: the feed of a group of submissions. */

import { Fifo } from '../../kit/fifo.ts';
import { Heap, type HeapEntry } from '../../kit/heap.ts';
import { isBefore } from '../../kit/ordered-line.ts';
import { DONE, type Feed, PENDING } from '../feeds/feed.ts';

/** A submission, as far as the line needs to know it. */
export interface Waiting extends HeapEntry {
  /** Its own priority; undefined for that of its group. */
  readonly priority: number | undefined;
  /** The same as it counts among others: what has waited long may have more of it. */
  readonly score: number;
  readonly arrival: number;
  readonly index: number;
  releasedAt: number | undefined;
  /** Whether it waits for something else than a slot. */
  isHeld: boolean;
  /** Whether it is no task yet, and may become one. */
  readonly isWaiting: boolean;
  cancel(reason: unknown): void;
}

/** What the submissions belong to. */
interface Owner {
  /** That of those without one of their own. */
  readonly priority: number;
  /** How many there were. */
  readonly submitted: number;
}

/** All submissions of a pool that wait. */
export interface Line {
  numWaiting: number;
  /** A submission was withdrawn: it will never be a task. */
  withdrawn(submission: Waiting): void;
  /** Sets the score of a submission. */
  rank(submission: Waiting): void;
  /** Whether what waits gains on what comes later. */
  readonly hasAging: boolean;
  /** What waits is to be recorded, before a task is made of it or its group is gone. */
  record(): void;
}

/** Those that have left are passed over; so many may be in the line before it is made anew. */
const LEFT = 1024;

export class SubmissionFeed<S extends Waiting = Waiting> implements Feed {
  readonly #owner: Owner;
  readonly #line: Line;
  /** Those that wait for something else than a slot: they may not start yet. */
  readonly #held = new Set<S>();
  /** Those without a priority, which come in the order in which they are served. */
  readonly #plain = new Fifo<S>();
  #numPlain = 0;
  /** The others; made for the first. */
  #ranked: Heap<S> | undefined = undefined;
  #released = 0;
  #isClosing = false;
  /** The reason with which it was closed last. */
  closedWith: unknown = undefined;

  constructor(owner: Owner, line: Line) {
    this.#owner = owner;
    this.#line = line;
  }

  /** All that wait: those without a priority in their order, then the others in none. */
  *[Symbol.iterator](): Generator<S> {
    for (const each of this.#plain) if (isPlain(each)) yield each;
    if (this.#ranked !== undefined) yield* this.#ranked;
    yield* this.#held;
  }

  get numWaiting(): number {
    return this.#numReady + this.#held.size;
  }

  /** Whether nothing waits that may start. */
  get isEmpty(): boolean {
    return this.#numReady === 0;
  }

  /** The score of what is served next; undefined if nothing is. */
  get best(): number | undefined {
    const ranked = this.#ranked?.first?.score;
    if (this.#numPlain === 0) return ranked;
    return Math.max(this.#owner.priority, ranked ?? Number.NEGATIVE_INFINITY);
  }

  get isQuick(): boolean {
    return true;
  }

  get hasMore(): boolean {
    return this.#numReady > 0 && !this.#isClosing;
  }

  get isSpent(): boolean {
    return this.#isClosing && this.numWaiting === 0;
  }

  push(submission: S): void {
    this.#line.numWaiting++;
    this.#add(submission);
  }

  /** Queues a submission that may not start before it is {@link release released}. */
  hold(submission: S): void {
    this.#line.numWaiting++;
    this.#held.add(submission);
  }

  /** Queues a held one for a slot. */
  release(submission: S): void {
    if (!this.#held.delete(submission)) return;
    // Behind the last call, and behind those that were released since then.
    this.#released++;
    submission.isHeld = false;
    submission.releasedAt = this.#owner.submitted - 1 + this.#released / (this.#released + 1);
    this.#add(submission);
  }

  /** One was released before, in another process: those that are released from now on come behind it. */
  wasReleased(arrival: number): void {
    const share = arrival % 1;
    this.#released = Math.max(this.#released, Math.round(share / (1 - share)));
  }

  next(): unknown {
    this.#line.record();
    const next = this.#shift();
    if (next === undefined) return this.#isClosing ? DONE : PENDING;
    this.#line.numWaiting--;
    return next;
  }

  /** Takes out a submission, if it waits, and ends it: it is over then. */
  withdraw(submission: S, end: (submission: S) => void): void {
    if (!submission.isWaiting) return;
    this.#line.numWaiting--;
    this.#remove(submission);
    end(submission);
    this.#compactIfSparse();
    this.#line.withdrawn(submission);
  }

  /** The priority of the group has changed: with aging, it is part of the scores of those without their own. */
  reorder(): void {
    if (this.#ranked === undefined || !this.#line.hasAging) return;
    const ranked = [...this.#ranked];
    this.#ranked = undefined;
    for (const each of ranked) {
      each.place = -1;
      this.#add(each);
    }
  }

  /** Changes the priority of one that waits, and its place with it. */
  prioritise(submission: S, change: () => void): void {
    if (this.#held.has(submission)) {
      change();
      return;
    }
    if (!submission.isWaiting) return;
    this.#remove(submission);
    change();
    this.#add(submission);
    this.#compactIfSparse();
  }

  /** No more will be submitted. */
  finish(): void {
    this.#isClosing = true;
  }

  /** Takes out all that wait, in the order of the calls. */
  close(reason: unknown): void {
    this.closedWith = reason;
    const ranked = this.#ranked === undefined ? [] : [...this.#ranked];
    const waiting = [...this.#compact(), ...ranked, ...this.#held];
    for (const submission of waiting.sort((a, b) => a.index - b.index)) {
      this.withdraw(submission, (each) => each.cancel(reason));
    }
    this.#line.record();
  }

  /** Takes out so many of those that wait. */
  drop(count: number, reason: unknown): void {
    for (let dropped = 0; dropped < count; dropped++) {
      const [held] = this.#held;
      const next = this.#firstPlain() ?? this.#ranked?.first ?? held;
      if (next === undefined) return;
      this.withdraw(next, (each) => each.cancel(reason));
    }
  }

  /** How many may start. */
  get #numReady(): number {
    return this.#numPlain + (this.#ranked?.length ?? 0);
  }

  #add(submission: S): void {
    if (submission.priority === undefined && !this.#line.hasAging) {
      this.#numPlain++;
      this.#plain.push(submission);
      return;
    }
    this.#ranked ??= new Heap<S>(isBefore);
    this.#line.rank(submission);
    this.#ranked.push(submission);
  }

  #remove(submission: S): void {
    if (this.#held.delete(submission)) return;
    if (submission.place === -1) this.#numPlain--;
    else this.#ranked?.remove(submission);
  }

  #shift(): S | undefined {
    const ranked = this.#ranked?.first;
    const plain = this.#firstPlain();
    if (ranked !== undefined && (plain === undefined || this.#isFirst(ranked, plain))) {
      this.#ranked?.remove(ranked);
      return ranked;
    }
    if (plain !== undefined) this.#numPlain--;
    return this.#plain.shift();
  }

  #isFirst(ranked: S, plain: S): boolean {
    return isBefore(ranked, { score: this.#owner.priority, arrival: plain.arrival });
  }

  /** Those that have left, as they were withdrawn or got a priority, were counted when they did. */
  #firstPlain(): S | undefined {
    for (let each = this.#plain.first; each !== undefined; each = this.#plain.first) {
      if (isPlain(each)) return each;
      this.#plain.shift();
    }
    return undefined;
  }

  #compactIfSparse(): void {
    if (this.#plain.length > LEFT + 2 * this.#numPlain) this.#compact();
  }

  /** Leaves out those that have left; gives the others. */
  #compact(): S[] {
    const waiting: S[] = [];
    for (let each = this.#plain.shift(); each !== undefined; each = this.#plain.shift()) {
      if (isPlain(each)) waiting.push(each);
    }
    for (const each of waiting) this.#plain.push(each);
    return waiting;
  }
}

/** Whether a submission still waits among those without a priority. */
function isPlain({ isWaiting, place }: Waiting): boolean {
  return isWaiting && place === -1;
}
