/** Counts events per second, for the last sixty seconds. */

/** The number of seconds remembered. */
const SECONDS = 60;

/** The last seconds as plain JSON, oldest first. */
export interface RecentData {
  /** The last second, counted from the epoch. */
  readonly last: number;
  readonly ended: readonly number[];
  readonly failed: readonly number[];
}

export class Recent {
  #last = 0;
  /** The end of the last second in milliseconds, and its index. */
  #end = 1000;
  #place = 0;
  readonly #ended = new Array<number>(SECONDS).fill(0);
  readonly #failed = new Array<number>(SECONDS).fill(0);

  /** Counts a task that has ended, or an attempt that has failed. */
  count(at: number, hasEnded: boolean, hasFailed: boolean): void {
    // Clocks may be set back: later events then count for the latest second.
    if (at >= this.#end) this.#advance(Math.floor(at / 1000));
    if (hasEnded) this.#ended[this.#place]!++;
    if (hasFailed) this.#failed[this.#place]!++;
  }

  /** Adds the counts of another one. */
  merge(other: Recent): void {
    if (other.#last > this.#last) this.#advance(other.#last);
    const oldest = this.#last - SECONDS + 1;
    for (
      let second = Math.max(oldest, other.#last - SECONDS + 1);
      second <= other.#last;
      second++
    ) {
      const place = second % SECONDS;
      if (place < 0) continue;
      this.#ended[place]! += other.#ended[place] as number;
      this.#failed[place]! += other.#failed[place] as number;
    }
  }

  /** The number of tasks ended per second, over the last ten whole seconds before a time. */
  throughput(now: number, since: number): number {
    const end = Math.floor(now / 1000);
    const seconds = Math.min(10, Math.max(1, end - Math.floor(since / 1000)));
    let sum = 0;
    for (let second = end - seconds; second < end; second++) sum += this.#at(this.#ended, second);
    return sum / seconds;
  }

  /** The sixty seconds up to a time; the last one is not over yet. */
  upTo(now: number): RecentData {
    const last = Math.max(this.#last, Math.floor(now / 1000));
    const all = (counts: readonly number[]) =>
      Array.from({ length: SECONDS }, (_, place) => this.#at(counts, last - SECONDS + 1 + place));
    return { last, ended: all(this.#ended), failed: all(this.#failed) };
  }

  toJSON(): RecentData {
    if (this.#last === 0 && this.#ended[0] === 0 && this.#failed[0] === 0)
      return { last: 0, ended: [], failed: [] };
    return this.upTo(this.#last * 1000);
  }

  static fromJSON({ last, ended, failed }: RecentData): Recent {
    const recent = new Recent();
    recent.#moveTo(last);
    for (let place = 0; place < SECONDS; place++) {
      const second = last - SECONDS + 1 + place;
      if (second < 0) continue;
      recent.#ended[second % SECONDS] = ended[place] ?? 0;
      recent.#failed[second % SECONDS] = failed[place] ?? 0;
    }
    return recent;
  }

  #at(counts: readonly number[], second: number): number {
    const isHeld = second >= 0 && second <= this.#last && second > this.#last - SECONDS;
    return isHeld ? (counts[second % SECONDS] as number) : 0;
  }

  #moveTo(second: number): void {
    this.#last = second;
    this.#end = (second + 1) * 1000;
    this.#place = second % SECONDS;
  }

  #advance(second: number): void {
    const first = Math.max(this.#last + 1, second - SECONDS + 1);
    for (let skipped = first; skipped <= second; skipped++) {
      this.#ended[skipped % SECONDS] = 0;
      this.#failed[skipped % SECONDS] = 0;
    }
    this.#moveTo(second);
  }
}
