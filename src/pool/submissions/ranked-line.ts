/** Waiting submissions in order of score: those with a priority, or all of them if waiting ones age. */

import { ScoreHeap } from '../../kit/score-heap.ts';

/** The part of a submission that this line uses. */
interface Ranked {
  readonly arrival: number;
  /** Whether it is no task yet, and may become one. */
  readonly isWaiting: boolean;
}

/** Submissions that have left are skipped; the line is rebuilt when it has more than this many of them. */
export const LEFT = 1024;

export class RankedLine<S extends Ranked> {
  /** How many submissions wait. */
  length = 0;
  readonly #scoreOf: (submission: S) => number;
  #heap = new ScoreHeap<S>();

  constructor(scoreOf: (submission: S) => number) {
    this.#scoreOf = scoreOf;
  }

  /** All waiting submissions, each once, in no particular order. */
  *[Symbol.iterator](): Generator<S> {
    for (const each of new Set(this.#heap)) if (each.isWaiting) yield each;
  }

  /** The next submission; undefined if none waits. */
  get first(): S | undefined {
    const heap = this.#heap;
    // While none has left, none is looked at: one that has waited for long is in no cache of the processor.
    while (heap.length > this.length) {
      const each = heap.first as S;
      // A submission whose priority has changed also still has its old entry.
      if (each.isWaiting && this.#scoreOf(each) === heap.best) return each;
      heap.shift();
    }
    return heap.first;
  }

  /** The score of the next submission; undefined if none waits. */
  get best(): number | undefined {
    return this.first === undefined ? undefined : this.#heap.best;
  }

  /** Whether one of them comes before a submission with this score and arrival. */
  isBefore(score: number, arrival: number): boolean {
    return this.first !== undefined && this.#heap.isFirstBefore(score, arrival);
  }

  push(submission: S): void {
    this.length++;
    this.#place(submission);
  }

  /** Removes and returns the next submission; undefined if none waits. */
  shift(): S | undefined {
    if (this.first === undefined) return undefined;
    this.length--;
    return this.#heap.shift();
  }

  /** A submission has left, or its score has changed and it is pushed again. */
  left(): void {
    this.length--;
  }

  /** Drops the entries of submissions that have left, if there are many. */
  compact(): void {
    if (this.#heap.length > LEFT + 2 * this.length) this.reorder();
  }

  /** Rebuilds the line after scores have changed. */
  reorder(): void {
    const waiting = [...this];
    this.#heap = new ScoreHeap();
    for (const each of waiting) this.#place(each);
  }

  #place(submission: S): void {
    this.#heap.push(submission, this.#scoreOf(submission), submission.arrival);
  }
}
