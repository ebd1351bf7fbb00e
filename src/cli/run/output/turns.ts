/** The order of printing: first the retried items again, then all others from the head on. */

export class Turns {
  /** The first item that was never printed, apart from retried ones. */
  head = 0;
  /** Indices below the head that are printed again, in descending order. */
  #again: number[] = [];

  /** The index of the next item in line. */
  get next(): number {
    return this.#again.at(-1) ?? this.head;
  }

  /** Moves on after the next item was printed, or had nothing to print. */
  advance(): void {
    if (this.#again.pop() === undefined) this.head++;
  }

  /** Items are retried: those already printed get another turn. */
  repeat(indices: Iterable<number>): void {
    const again = new Set(this.#again);
    for (const index of indices) if (index < this.head) again.add(index);
    this.#again = [...again].sort((one, other) => other - one);
  }
}
