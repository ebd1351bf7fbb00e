/** Limits the number of concurrent calls; the others wait in line. */
export class Capacity {
  /** The limit. May be changed at any time. */
  size: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(size: number) {
    this.size = size;
  }

  async run<T>(fn: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy++;
    try {
      return await fn();
    } finally {
      this.#busy--;
      // May be several if the limit was raised meanwhile. Each takes its place in a turn of its own.
      const free = Math.min(this.size - this.#busy, this.#waiting.length);
      for (const next of this.#waiting.splice(0, Math.max(0, free))) next();
    }
  }
}
