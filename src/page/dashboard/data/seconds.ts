/** What happened in each second: for the lines in the head of the page. */

export interface Second {
  ended: number;
  failed: number;
  /** How long tasks have waited that started: some of them, where there are many. */
  readonly waits: number[];
  numWaits: number;
}

/** How many are kept: an hour. */
const MOST = 3600;
const SAMPLES = 128;

export class Seconds {
  readonly #seconds = new Map<number, Second>();

  ended(at: number): void {
    this.#at(at).ended++;
  }

  /** @param ms how long a task waited that has started now. */
  waited(at: number, ms: number): void {
    const second = this.#at(at);
    // Each has the same chance to be among the samples.
    const place = second.numWaits++;
    if (place < SAMPLES) second.waits.push(ms);
    else if (Math.random() * second.numWaits < SAMPLES) second.waits[place % SAMPLES] = ms;
  }

  failed(at: number): void {
    this.#at(at).failed++;
  }

  /** The last so many seconds up to a time, the oldest first; undefined where nothing happened. */
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

/** The value that so great a part of others is below; undefined if there are none. */
export function quantile(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
