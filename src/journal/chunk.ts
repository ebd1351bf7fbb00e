/** A part of the ring of events: a fixed number of events in columns. */

import type { EventCode } from '../events/event-codes.ts';

/** How many numbers each event has. */
export const NUMBERS = 3;

/** Consecutive events in columns. */
export class Chunk {
  readonly codes: Uint8Array;
  /** `at`, `id` and `n` of each event side by side, so that they share a cache line. */
  readonly numbers: Float64Array;
  readonly details: unknown[];
  /** The weight of each event by `weightOf`, 0 for released ones; created for the first that is not 0. */
  weights: Float64Array | undefined = undefined;
  /** The sum of the weights. */
  weight = 0;

  constructor(length: number) {
    this.codes = new Uint8Array(length);
    this.numbers = new Float64Array(NUMBERS * length);
    this.details = new Array<unknown>(length);
  }

  put(place: number, code: EventCode, at: number, id: number, n: number, detail: unknown): void {
    const { numbers } = this;
    const first = NUMBERS * place;
    this.codes[place] = code;
    numbers[first] = at;
    numbers[first + 1] = id;
    numbers[first + 2] = n;
    this.details[place] = detail;
  }

  /**
   * Puts three events of the same time, as most events are. One by one they would take up to a tenth of the time of a
   * task more.
   */
  putThree(
    place: number,
    at: number,
    code1: EventCode,
    id1: number,
    n1: number,
    detail1: unknown,
    code2: EventCode,
    id2: number,
    n2: number,
    detail2: unknown,
    code3: EventCode,
    id3: number,
    n3: number,
    detail3: unknown,
  ): void {
    const { codes, numbers, details } = this;
    const first = NUMBERS * place;
    codes[place] = code1;
    codes[place + 1] = code2;
    codes[place + 2] = code3;
    numbers[first] = at;
    numbers[first + 1] = id1;
    numbers[first + 2] = n1;
    numbers[first + 3] = at;
    numbers[first + 4] = id2;
    numbers[first + 5] = n2;
    numbers[first + 6] = at;
    numbers[first + 7] = id3;
    numbers[first + 8] = n3;
    details[place] = detail1;
    details[place + 1] = detail2;
    details[place + 2] = detail3;
  }

  weigh(place: number, weight: number): void {
    this.weights ??= new Float64Array(this.codes.length);
    this.weights[place] = weight;
    this.weight += weight;
  }

  weightOf(place: number): number {
    return this.weights?.[place] ?? 0;
  }

  clear(): void {
    this.details.fill(undefined);
    this.weights = undefined;
    this.weight = 0;
  }
}
