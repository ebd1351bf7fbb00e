/** A back end of limited capacity, under a simulated clock: what a pool's tasks call. */

import type { SimulatedClock } from 'xstate-taskpool/testing';

export class Backend {
  capacity: number;
  /** Milliseconds of each request that is served. */
  serviceTime = 100;
  /** By which share service times vary, evenly. */
  spread = 0;
  /** What happens to requests beyond the capacity: they wait in line, or are refused at once. */
  readonly beyond: 'wait' | 'refuse';
  served = 0;
  readonly #clock: SimulatedClock;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #seed = 1;

  constructor(clock: SimulatedClock, capacity: number, beyond: 'wait' | 'refuse') {
    this.#clock = clock;
    this.capacity = capacity;
    this.beyond = beyond;
  }

  readonly request = async (): Promise<void> => {
    if (this.#busy >= this.capacity) {
      if (this.beyond === 'refuse') {
        await this.#clock.sleep(20);
        throw new Error('503');
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#busy++;
    await this.#clock.sleep(this.serviceTime * (1 + this.spread * (2 * this.#random() - 1)));
    this.#busy--;
    this.served++;
    if (this.#busy < this.capacity) this.#waiting.shift()?.();
  };

  /** The same numbers each time. */
  #random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}
