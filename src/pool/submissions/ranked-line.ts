/** Waiting submissions in order of score: those with a priority, or all of them if waiting ones age. */

import { Heap, type HeapEntry } from '../../kit/heap.ts';
import { ScoreHeap } from '../../kit/score-heap.ts';

/** The part of a submission that this line uses. */
interface Ranked {
  readonly arrival: number;
  /** Whether it is no task yet, and may become one. */
  readonly isWaiting: boolean;
}

/** Submissions that have left are skipped; the line is rebuilt when it has more than this many of them. */
export const LEFT = 1024;

/** How many empty buckets are kept: creating them would take a tenth of the time of a submission that hardly waits. */
const SPARE = 16;

/**
 * Submissions with similar scores. Their heap fits into the cache of the processor and, since the garbage collector
 * moves together what a heap refers to, so do they when their turn comes. With one heap for all they would be all over
 * the memory.
 */
class Bucket<S> extends ScoreHeap<S> implements HeapEntry {
  place = -1;
  readonly rank: number;

  constructor(rank: number) {
    super();
    this.rank = rank;
  }
}

export class RankedLine<S extends Ranked> {
  /** How many submissions wait. */
  length = 0;
  /** How many others have left and are still in a bucket. */
  #numLeft = 0;
  readonly #scoreOf: (submission: S) => number;
  readonly #byRank = new Map<number, Bucket<S>>();
  /** Those that are not empty. */
  readonly #buckets = new Heap<Bucket<S>>((one, other) => one.rank > other.rank);

  constructor(scoreOf: (submission: S) => number) {
    this.#scoreOf = scoreOf;
  }

  /** All waiting submissions, each once, in no particular order. */
  *[Symbol.iterator](): Generator<S> {
    const all = new Set<S>();
    for (const bucket of this.#buckets) for (const each of bucket) all.add(each);
    for (const each of all) if (each.isWaiting) yield each;
  }

  /** The next submission; undefined if none waits. */
  get first(): S | undefined {
    // While none has left, none is looked at: one that has waited for long is in no cache of the processor.
    while (this.#numLeft > 0) {
      const { first, best } = this.#buckets.first as Bucket<S>;
      // A submission whose priority has changed also still has its old entry.
      if (first?.isWaiting === true && this.#scoreOf(first) === best) return first;
      this.#numLeft--;
      this.#take();
    }
    return this.#buckets.first?.first;
  }

  /** The score of the next submission; undefined if none waits. */
  get best(): number | undefined {
    return this.first && this.#buckets.first?.best;
  }

  push(submission: S): void {
    this.length++;
    const score = this.#scoreOf(submission);
    const rank = rankOf(score);
    let bucket = this.#byRank.get(rank);
    if (bucket === undefined) {
      bucket = new Bucket(rank);
      this.#byRank.set(rank, bucket);
    }
    if (bucket.length === 0) this.#buckets.push(bucket);
    bucket.push(submission, score, submission.arrival);
  }

  /** Removes and returns the {@link first} submission, of which there must be one. */
  shift(): S {
    this.length--;
    return this.#take();
  }

  /** A submission has left, or its score has changed and it is pushed again. */
  left(): void {
    this.length--;
    this.#numLeft++;
  }

  /** Drops the entries of submissions that have left, if there are many. */
  compact(): void {
    if (this.#numLeft > LEFT + this.length) this.reorder();
  }

  /** Rebuilds the line after scores have changed. */
  reorder(): void {
    const waiting = [...this];
    for (const bucket of this.#byRank.values()) this.#buckets.remove(bucket);
    this.#byRank.clear();
    this.length = 0;
    this.#numLeft = 0;
    for (const each of waiting) this.push(each);
  }

  /** Removes and returns the first entry. */
  #take(): S {
    const bucket = this.#buckets.first as Bucket<S>;
    const first = bucket.shift() as S;
    if (bucket.length === 0) {
      this.#buckets.remove(bucket);
      if (this.#byRank.size > SPARE) this.#byRank.delete(bucket.rank);
    }
    return first;
  }
}

const view = new DataView(new ArrayBuffer(8));

/** The sign, the exponent and eight binary digits of a score, as an integer that never falls as scores rise. */
function rankOf(score: number): number {
  // Without -0, which equals 0.
  view.setFloat64(0, score + 0);
  const high = view.getInt32(0);
  return (high ^ ((high >> 31) & 0x7f_ff_ff_ff)) >> 12;
}
