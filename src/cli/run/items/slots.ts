/** Numbers for what runs at the same time: 1 up to as many as run at once. */

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
