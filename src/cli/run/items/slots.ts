/** Numbers the concurrent items from 1; numbers are reused. */

export class Slots {
  readonly #free: number[] = [];
  #highest = 0;

  take(): number {
    return this.#free.pop() ?? ++this.#highest;
  }

  free(slot: number): void {
    this.#free.push(slot);
  }
}
