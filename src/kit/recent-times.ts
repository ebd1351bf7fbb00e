/** The times of recent events, oldest first; expired ones are dropped as new ones are added. */

export class RecentTimes {
  /** A ring that grows as needed: nothing is moved, and a time takes eight bytes. */
  #ring = new Float64Array(4);
  #oldest = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The time at a place counted from the end, from 1: the last one. */
  fromEnd(places: number): number | undefined {
    if (places > this.#length) return undefined;
    return this.#ring[this.#place(this.#length - places)];
  }

  /** Adds a time, and drops all times up to `over`. */
  add(time: number, over: number): void {
    this.drop(over);
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[this.#place(this.#length++)] = time;
  }

  /** Drops all times up to `over`. */
  drop(over: number): void {
    while (this.#length > 0 && (this.#ring[this.#oldest] as number) <= over) {
      this.#oldest = this.#place(1);
      this.#length--;
    }
  }

  /** All times after `over`, oldest first. */
  after(over: number): number[] {
    const times: number[] = [];
    for (let n = 0; n < this.#length; n++) {
      const time = this.#ring[this.#place(n)] as number;
      if (time > over) times.push(time);
    }
    return times;
  }

  /** Where the nth oldest is; the length of the ring is a power of two. */
  #place(n: number): number {
    return (this.#oldest + n) & (this.#ring.length - 1);
  }

  #grow(): void {
    const ring = new Float64Array(2 * this.#ring.length);
    for (let n = 0; n < this.#length; n++) ring[n] = this.#ring[this.#place(n)] as number;
    this.#ring = ring;
    this.#oldest = 0;
  }
}
