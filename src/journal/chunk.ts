/** A part of the ring: events as columns. */

/** How many numbers an event has. */
export const NUMBERS = 3;

/** One run of events in columns. */
export class Chunk {
  readonly codes: Uint8Array;
  /** Of each event: `at`, `id` and `n`, side by side, so that one line of the processor's cache has them. */
  readonly numbers: Float64Array;
  readonly details: unknown[];
  /** What `weightOf` says of each, 0 for those that were released; made for the first that weighs. */
  weights: Float64Array | undefined = undefined;
  /** The sum of the weights. */
  weight = 0;

  constructor(length: number) {
    this.codes = new Uint8Array(length);
    this.numbers = new Float64Array(NUMBERS * length);
    this.details = new Array<unknown>(length);
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
