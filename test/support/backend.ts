/** A simulated back end of limited capacity, which the tasks of a pool call, under a simulated clock. */

import type { SimulatedClock } from 'xstate-taskpool/testing';

export class Backend {
  capacity: number;
  /** The duration of each request, in milliseconds. */
  serviceTime = 100;
  /** The share by which durations vary, evenly distributed. */
  spread = 0;
  /** What happens to requests beyond the capacity: they wait in line or are refused immediately. */
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

  /** A pseudo-random number, the same sequence each time. */
  #random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}
