/** Waiting submissions as the feed of their group. */

import { Fifo } from '../../kit/fifo.ts';
import { DONE, type Feed, PENDING } from '../feeds/feed.ts';
import { LEFT, RankedLine } from './ranked-line.ts';

/** A submission, as far as the line needs to know it. */
export interface Waiting {
  /** Its own priority; undefined for that of its group. */
  readonly priority: number | undefined;
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
  /** The priority of a submission as it counts among others: what has waited long may have more of it. */
  scoreOf(submission: Waiting): number;
  /** Whether what waits gains on what comes later. */
  readonly hasAging: boolean;
  /** What waits is to be recorded, before its group is gone. */
  record(): void;
  /** One of them is to be recorded, before a task is made of it; returns whether it was not. */
  store(submission: Waiting): boolean;
}

export class SubmissionFeed<S extends Waiting = Waiting> implements Feed {
  readonly #owner: Owner;
  readonly #line: Line;
  /** All are served by their scores then. */
  readonly #hasAging: boolean;
  /** Those that wait for something else than a slot: they may not start yet. */
  readonly #held = new Set<S>();
  /** Those without a priority, which come in the order in which they are served. */
  readonly #plain = new Fifo<S>();
  #numPlain = 0;
  /** The others; made for the first. */
  #ranked: RankedLine<S> | undefined = undefined;
  #released = 0;
  #isClosing = false;
  /** The reason with which it was closed last. */
  closedWith: unknown = undefined;

  constructor(owner: Owner, line: Line) {
    this.#owner = owner;
    this.#line = line;
    this.#hasAging = line.hasAging;
  }

  /** All that wait: those without a priority in their order, then the others in none. */
  *[Symbol.iterator](): Generator<S> {
    for (const each of this.#plain) if (this.#isPlain(each)) yield each;
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
    const ranked = this.#ranked?.best;
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
    let next = this.#first;
    // Subscribers are notified of that, and may change what is next.
    while (next !== undefined && this.#line.store(next)) next = this.#first;
    if (next === undefined) return this.#isClosing ? DONE : PENDING;
    this.#line.numWaiting--;
    if (this.#isRanked(next)) return this.#ranked?.shift();
    this.#numPlain--;
    return this.#plain.shift();
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
    if (this.#hasAging) this.#ranked?.reorder();
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
    for (const submission of [...this].sort((a, b) => a.index - b.index)) {
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
    if (this.#isRanked(submission)) {
      this.#ranked ??= new RankedLine((each) => this.#line.scoreOf(each));
      this.#ranked.push(submission);
    } else {
      this.#numPlain++;
      this.#plain.push(submission);
    }
  }

  /** Those that leave are passed over when it is their turn. */
  #remove(submission: S): void {
    if (this.#held.delete(submission)) return;
    if (this.#isRanked(submission)) this.#ranked?.left();
    else this.#numPlain--;
  }

  /** The one that is served next; undefined if none may start. */
  get #first(): S | undefined {
    const plain = this.#firstPlain();
    if (plain === undefined) return this.#ranked?.first;
    const { priority } = this.#owner;
    return this.#ranked?.isBefore(priority, plain.arrival) ? this.#ranked.first : plain;
  }

  #firstPlain(): S | undefined {
    for (let each = this.#plain.first; each !== undefined; each = this.#plain.first) {
      if (this.#isPlain(each)) return each;
      this.#plain.shift();
    }
    return undefined;
  }

  #compactIfSparse(): void {
    this.#ranked?.compact();
    if (this.#plain.length <= LEFT + 2 * this.#numPlain) return;
    const waiting = [...this.#plain].filter((each) => this.#isPlain(each));
    this.#plain.clear();
    for (const each of waiting) this.#plain.push(each);
  }

  /** Whether a submission is served by its score, and not by its arrival alone. */
  #isRanked({ priority }: S): boolean {
    return priority !== undefined || this.#hasAging;
  }

  /** Whether a submission still waits among those without a priority. */
  #isPlain(submission: S): boolean {
    return submission.isWaiting && !this.#isRanked(submission);
  }
}
