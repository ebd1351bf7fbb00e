/** Counts per second, for the lines in the head of the page. */

export interface Second {
  ended: number;
  failed: number;
  /** The waiting times of started tasks in milliseconds: a sample if there are many. */
  readonly waits: number[];
  numWaits: number;
}

/** The number of seconds kept: an hour. */
const MOST = 3600;
const SAMPLES = 128;

export class Seconds {
  readonly #seconds = new Map<number, Second>();

  ended(at: number): void {
    this.#at(at).ended++;
  }

  /**
   * @param ms the waiting time of a task that has just started, in milliseconds.
   */
  waited(at: number, ms: number): void {
    const second = this.#at(at);
    // Reservoir sampling: each value has about the same chance to be kept.
    const place = second.numWaits++;
    if (place < SAMPLES) second.waits.push(ms);
    else if (Math.random() * second.numWaits < SAMPLES) second.waits[place % SAMPLES] = ms;
  }

  failed(at: number): void {
    this.#at(at).failed++;
  }

  /** The last seconds up to a time, oldest first; undefined where nothing happened. */
  upTo(at: number, count: number): (Second | undefined)[] {
    const last = Math.floor(at / 1000);
    return Array.from({ length: count }, (_, place) => this.#seconds.get(last - count + 1 + place));
  }

  #at(at: number): Second {
    const number = Math.floor(at / 1000);
    const known = this.#seconds.get(number);
    if (known !== undefined) return known;
    const second: Second = { ended: 0, failed: 0, waits: [], numWaits: 0 };
    this.#seconds.set(number, second);
    if (this.#seconds.size > MOST) {
      for (const oldest of this.#seconds.keys()) {
        this.#seconds.delete(oldest);
        break;
      }
    }
    return second;
  }
}

/** A quantile of values; undefined if there are none. */
export function quantile(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
