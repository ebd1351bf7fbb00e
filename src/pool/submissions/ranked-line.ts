/** Waiting submissions in order of score: those with a priority, or all of them if waiting ones age. */

import { ScoreHeap } from '../../kit/score-heap.ts';

/** A submission, as far as this line needs to know it. */
interface Ranked {
  readonly arrival: number;
  /** Whether it is no task yet, and may become one. */
  readonly isWaiting: boolean;
}

/** Those that have left are passed over; so many may be in the line before it is made anew. */
export const LEFT = 1024;

export class RankedLine<S extends Ranked> {
  /** How many wait. */
  length = 0;
  readonly #scoreOf: (submission: S) => number;
  #heap = new ScoreHeap<S>();

  constructor(scoreOf: (submission: S) => number) {
    this.#scoreOf = scoreOf;
  }

  /** All that wait, each once, in no particular order. */
  *[Symbol.iterator](): Generator<S> {
    for (const each of new Set(this.#heap)) if (each.isWaiting) yield each;
  }

  /** The one that is served next; undefined if none waits. */
  get first(): S | undefined {
    const heap = this.#heap;
    for (let each = heap.first; each !== undefined; each = heap.first) {
      // One that has got another priority stands there as well with the one before.
      if (each.isWaiting && this.#scoreOf(each) === heap.best) return each;
      heap.shift();
    }
    return undefined;
  }

  /** The score of the one that is served next; undefined if none waits. */
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

  /** Takes out the one that is served next; undefined if none waits. */
  shift(): S | undefined {
    if (this.first === undefined) return undefined;
    this.length--;
    return this.#heap.shift();
  }

  /** One of them waits no more, or has got another score and comes back. */
  left(): void {
    this.length--;
  }

  /** Drops those that have left, if they are many. */
  compact(): void {
    if (this.#heap.length > LEFT + 2 * this.length) this.reorder();
  }

  /** Their scores have changed. */
  reorder(): void {
    const waiting = [...this];
    this.#heap = new ScoreHeap();
    for (const each of waiting) this.#place(each);
  }

  #place(submission: S): void {
    this.#heap.push(submission, this.#scoreOf(submission), submission.arrival);
  }
}
