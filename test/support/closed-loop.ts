/**
 * Simulates a back end of limited capacity with as many requests as the size allows, event by event, as a sampler
 * would see it, without a pool or a clock.
 */

import type { Decide, SizePolicy } from 'xstate-taskpool/autosize';

export interface Setting {
  /** The duration of a request, in milliseconds. */
  readonly service: number;
  /** The share by which it varies, evenly distributed. */
  readonly spread: number;
  /** Milliseconds between samples. */
  readonly interval: number;
  readonly min: number;
  readonly max: number;
  readonly random: () => number;
}

interface Request {
  readonly at: number;
  readonly endsAt: number;
}

/** The fewest attempts of a sample. */
const FEWEST = 20;

export class ClosedLoop {
  readonly #setting: Setting;
  readonly #waiting: number[] = [];
  /** The requests being served. */
  #served: Request[] = [];
  #decide: Decide;
  #now = 0;
  #size: number;
  #capacity = 0;
  #from = 0;
  #peak = 0;
  #times: number[] = [];

  constructor(policy: SizePolicy, setting: Setting) {
    this.#setting = setting;
    this.#decide = policy.decide;
    this.#size = setting.min;
  }

  /** The sizes after each complete sample. */
  run(capacity: number, samples: number): number[] {
    this.#capacity = capacity;
    const sizes: number[] = [];
    while (sizes.length < samples) if (this.#pass()) sizes.push(this.#size);
    return sizes;
  }

  /** One interval; returns whether a sample was complete at its end. */
  #pass(): boolean {
    const tick = this.#now + this.#setting.interval;
    this.#fill();
    for (;;) {
      const next = this.#served.reduce<Request | undefined>(
        (first, each) => (first === undefined || each.endsAt < first.endsAt ? each : first),
        undefined,
      );
      if (next === undefined || next.endsAt > tick) break;
      this.#now = next.endsAt;
      this.#times.push(next.endsAt - next.at);
      this.#served = this.#served.filter((each) => each !== next);
      this.#fill();
    }
    this.#now = tick;
    return this.#sample();
  }

  /** Sends as many requests as the size allows, and serves as many as the capacity does. */
  #fill(): void {
    const { service, spread, random } = this.#setting;
    while (this.#waiting.length + this.#served.length < this.#size) this.#waiting.push(this.#now);
    this.#peak = Math.max(this.#peak, this.#waiting.length + this.#served.length);
    while (this.#served.length < this.#capacity && this.#waiting.length > 0) {
      const at = this.#waiting.shift() as number;
      const endsAt = this.#now + service * (1 + spread * (2 * random() - 1));
      this.#served.push({ at, endsAt });
    }
  }

  #sample(): boolean {
    const { min, max } = this.#setting;
    const count = this.#times.length;
    const mean = this.#times.reduce((sum, each) => sum + each, 0) / count;
    const squares = this.#times.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    const isComplete = count >= Math.max(this.#peak, FEWEST);
    const advice = this.#decide({
      duration: this.#now - this.#from,
      size: this.#size,
      ...{ min, max, peak: this.#peak, fulfilled: count, failed: 0, pending: 1, isComplete },
      latency: count === 0 ? undefined : mean,
      latencyError: count < 2 ? 0 : Math.sqrt(squares / (count - 1) / count),
    });
    this.#decide = advice.next;
    this.#size = Math.min(Math.max(Math.round(advice.size), min), max);
    if (!isComplete) return false;
    this.#from = this.#now;
    this.#peak = 0;
    this.#times = [];
    return true;
  }
}
