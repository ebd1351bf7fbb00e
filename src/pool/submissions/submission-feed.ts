/** What was submitted and is no task yet: the feed of a group of submissions. */

import { Fifo } from '../../kit/fifo.ts';
import { Heap, type HeapEntry } from '../../kit/heap.ts';
import { isBefore } from '../../kit/ordered-line.ts';
import { DONE, type Feed, PENDING } from '../feeds/feed.ts';

/** A submission, as far as the line needs to know it. */
export interface Waiting extends HeapEntry {
  /** Its priority: the higher, the sooner. */
  readonly score: number;
  readonly arrival: number;
  readonly index: number;
  /** Whether it is no task yet, and may become one. */
  readonly isWaiting: boolean;
  cancel(reason: unknown): void;
}

/** All submissions of a pool that wait. */
export interface Line {
  numWaiting: number;
  /** A submission was withdrawn: it will never be a task. */
  withdrawn(submission: Waiting): void;
}

/** Withdrawn ones are passed over; so many may be in the line before it is made anew. */
const WITHDRAWN = 1024;

export class SubmissionFeed<S extends Waiting = Waiting> implements Feed {
  readonly #line: Line;
  /** Those without a priority, which come in the order in which they are served. */
  #plain = new Fifo<S>();
  #numPlain = 0;
  /** The others; made for the first. */
  #ranked: Heap<S> | undefined = undefined;
  #numRanked = 0;
  #isClosing = false;

  constructor(line: Line) {
    this.#line = line;
  }

  get numWaiting(): number {
    return this.#numPlain + this.#numRanked;
  }

  get isSpent(): boolean {
    return this.#isClosing && this.numWaiting === 0;
  }

  push(submission: S): void {
    this.#line.numWaiting++;
    if (submission.score === 0) {
      this.#numPlain++;
      this.#plain.push(submission);
    } else {
      this.#numRanked++;
      this.#ranked ??= new Heap<S>(isBefore);
      this.#ranked.push(submission);
    }
  }

  next(): unknown {
    const next = this.#shift();
    if (next === undefined) return this.#isClosing ? DONE : PENDING;
    this.#line.numWaiting--;
    return next;
  }

  /** Takes out a submission, if it waits, and rejects its promise. */
  withdraw(submission: S, reason: unknown): void {
    if (!submission.isWaiting) return;
    this.#line.numWaiting--;
    if (submission.place === -1) {
      this.#numPlain--;
      submission.cancel(reason);
      if (this.#plain.length > WITHDRAWN + 2 * this.#numPlain) this.#compact();
    } else {
      this.#numRanked--;
      this.#ranked?.remove(submission);
      submission.cancel(reason);
    }
    this.#line.withdrawn(submission);
  }

  /** No more will be submitted. */
  finish(): void {
    this.#isClosing = true;
  }

  /** Takes out all that wait, in the order of the calls. */
  close(reason: unknown): void {
    const ranked = this.#ranked === undefined ? [] : [...this.#ranked];
    const waiting = [...this.#compact(), ...ranked].sort((a, b) => a.index - b.index);
    for (const submission of waiting) this.withdraw(submission, reason);
  }

  #shift(): S | undefined {
    // Withdrawn ones were counted when they were.
    while (this.#plain.first?.isWaiting === false) this.#plain.shift();
    const ranked = this.#ranked?.first;
    const plain = this.#plain.first;
    if (ranked !== undefined && (plain === undefined || isBefore(ranked, plain))) {
      this.#numRanked--;
      this.#ranked?.remove(ranked);
      return ranked;
    }
    if (plain !== undefined) this.#numPlain--;
    return this.#plain.shift();
  }

  /** Leaves out the withdrawn ones; gives what is left. */
  #compact(): S[] {
    const waiting: S[] = [];
    for (let each = this.#plain.shift(); each !== undefined; each = this.#plain.shift()) {
      if (each.isWaiting) waiting.push(each);
    }
    for (const each of waiting) this.#plain.push(each);
    return waiting;
  }
}
