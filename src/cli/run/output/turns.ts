/** Whose turn it is to be printed: first some items once more, then all from one on. */

export class Turns {
  /** The first item that was never printed, apart from those that are printed once more. */
  head = 0;
  /** Indices below the head whose turn comes once more, the last one first. */
  #again: number[] = [];

  /** The index of the item whose turn it is. */
  get next(): number {
    return this.#again.at(-1) ?? this.head;
  }

  /** It is printed, or has nothing to print. */
  advance(): void {
    if (this.#again.pop() === undefined) this.head++;
  }

  /** Items are run again: those that had their turn get another one. */
  repeat(indices: Iterable<number>): void {
    const again = new Set(this.#again);
    for (const index of indices) if (index < this.head) again.add(index);
    this.#again = [...again].sort((one, other) => other - one);
  }
}
