/** Waiting submissions as the feed of their group. */

import { Fifo } from '../../kit/fifo.ts';
import { isBefore } from '../../kit/ordered-line.ts';
import { DONE, type Feed, PENDING } from '../feeds/feed.ts';
import { LEFT, RankedLine } from './ranked-line.ts';

/** The part of a submission that the line uses. */
export interface Waiting {
  /** Its own priority; undefined for that of its group. */
  readonly priority: number | undefined;
  readonly arrival: number;
  readonly index: number;
  releasedAt: number | undefined;
  /** Whether it waits for another submission with its key, not for a slot. */
  isHeld: boolean;
  /** Whether it is no task yet, and may become one. */
  readonly isWaiting: boolean;
  cancel(reason: unknown): void;
}

/** The group of the submissions. */
interface Owner {
  /** The priority of submissions without their own. */
  readonly priority: number;
  /** How many submissions there have been. */
  readonly submitted: number;
}

/** All waiting submissions of a pool. */
export interface Line {
  numWaiting: number;
  /** A submission was withdrawn: it will never be a task. */
  withdrawn(submission: Waiting): void;
  /** The score of a submission: its priority, with aging lowered for later ones. */
  scoreOf(submission: Waiting): number;
  /** Whether waiting raises priorities. */
  readonly hasAging: boolean;
  /** Records waiting submissions, before their group is gone. */
  record(): void;
  /** Records a submission before it becomes a task; returns false if it was already recorded. */
  store(submission: Waiting): boolean;
}

export class SubmissionFeed<S extends Waiting = Waiting> implements Feed {
  readonly #owner: Owner;
  readonly #line: Line;
  /** With aging, all submissions are served by score. */
  readonly #hasAging: boolean;
  /** Submissions that wait for another one with their key: they may not start yet. */
  readonly #held = new Set<S>();
  /** Submissions without a priority, in the order in which they are served. */
  readonly #plain = new Fifo<S>();
  #numPlain = 0;
  /** The others; created for the first of them. */
  #ranked: RankedLine<S> | undefined = undefined;
  /** How many have been released. */
  released = 0;
  #isClosing = false;
  /** The reason of the last `close()`. */
  closedWith: unknown = undefined;

  constructor(owner: Owner, line: Line) {
    this.#owner = owner;
    this.#line = line;
    this.#hasAging = line.hasAging;
  }

  /** All waiting submissions: those without a priority in order, then the others in no particular order. */
  *[Symbol.iterator](): Generator<S> {
    for (const each of this.#plain) if (this.#isPlain(each)) yield each;
    if (this.#ranked !== undefined) yield* this.#ranked;
    yield* this.#held;
  }

  get numWaiting(): number {
    return this.#numReady + this.#held.size;
  }

  /** Whether no waiting submission may start. */
  get isEmpty(): boolean {
    return this.#numReady === 0;
  }

  /** The score of the next submission; undefined if none may start. */
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
    // After the latest call and all those released since.
    this.released++;
    submission.isHeld = false;
    submission.releasedAt = this.#owner.submitted - 1 + shareOf(this.released);
    this.#add(submission);
  }

  next(): unknown {
    let next = this.#first;
    // Storing notifies subscribers, which may change what is next.
    while (next !== undefined && this.#line.store(next)) next = this.#first;
    if (next === undefined) return this.#isClosing ? DONE : PENDING;
    this.#line.numWaiting--;
    if (this.#isRanked(next)) return this.#ranked?.shift();
    this.#numPlain--;
    return this.#plain.shift();
  }

  /** Removes a waiting submission and ends it. */
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

  /** Changes the priority of a waiting submission, and with it its place. */
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

  /** Called when no more submissions will come. */
  finish(): void {
    this.#isClosing = true;
  }

  /** Cancels all waiting submissions, in the order of the calls. */
  close(reason: unknown): void {
    this.closedWith = reason;
    for (const submission of [...this].sort((a, b) => a.index - b.index)) {
      this.withdraw(submission, (each) => each.cancel(reason));
    }
    this.#line.record();
  }

  /** Cancels this many of the waiting submissions. */
  drop(count: number, reason: unknown): void {
    for (let dropped = 0; dropped < count; dropped++) {
      const [held] = this.#held;
      const next = this.#firstPlain() ?? this.#ranked?.first ?? held;
      if (next === undefined) return;
      this.withdraw(next, (each) => each.cancel(reason));
    }
  }

  /** How many submissions may start. */
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

  /** Removed submissions stay in their line and are skipped later. */
  #remove(submission: S): void {
    if (this.#held.delete(submission)) return;
    if (this.#isRanked(submission)) this.#ranked?.left();
    else this.#numPlain--;
  }

  /** The next submission; undefined if none may start. */
  get #first(): S | undefined {
    const plain = this.#firstPlain();
    const ranked = this.#ranked?.first;
    if (plain === undefined || ranked === undefined) return plain ?? ranked;
    const score = this.#ranked?.best as number;
    const { arrival } = ranked;
    const { priority } = this.#owner;
    return isBefore({ score, arrival }, { score: priority, arrival: plain.arrival })
      ? ranked
      : plain;
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

  /** Whether a submission is served by its score, not only by its arrival. */
  #isRanked({ priority }: S): boolean {
    return priority !== undefined || this.#hasAging;
  }

  /** Whether a submission still waits among those without a priority. */
  #isPlain(submission: S): boolean {
    return submission.isWaiting && !this.#isRanked(submission);
  }
}

/** The place between two calls of the submission that was released as the nth. */
function shareOf(released: number): number {
  return released / (released + 1);
}

/** The inverse: as which of the released ones a submission got its place. */
export function numReleasedAt(releasedAt: number): number {
  const share = releasedAt % 1;
  return Math.round(share / (1 - share));
}
