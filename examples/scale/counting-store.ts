/** A journal with the latency of one on another machine, which stores only the first events. */

import {
  type EventStore,
  type JournalStore,
  journaling,
  type PoolEvent,
  type StoreCheckpoint,
} from 'xstate-taskpool';
import type { SimulatedClock } from 'xstate-taskpool/testing';

export class CountingStore implements JournalStore {
  readonly journaling = journaling;
  appends = 0;
  events = 0;
  /** The number of appends in the store behind it. */
  kept = 0;
  readonly #behind: EventStore;
  readonly #sample: number;
  readonly #clock: SimulatedClock;
  readonly #latency: number;

  /**
   *
   * @param behind stores the first appends.
   * @param sample the number of these appends.
   * @param latency of an append, in milliseconds of the clock.
   */
  constructor(behind: EventStore, sample: number, clock: SimulatedClock, latency: number) {
    this.#behind = behind;
    this.#sample = sample;
    this.#clock = clock;
    this.#latency = latency;
  }

  async append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }> {
    this.appends++;
    this.events += batch.length;
    if (this.kept < this.#sample) {
      await this.#behind.append(batch);
      this.kept++;
    }
    await this.#clock.sleep(this.#latency);
    return { lastSeq: batch.at(-1)?.seq ?? -1 };
  }

  async checkpoint(_: StoreCheckpoint): Promise<void> {}

  async latestCheckpoint(): Promise<undefined> {
    return undefined;
  }

  read(): AsyncIterable<readonly PoolEvent[]> {
    return this.#behind.read();
  }

  tail(): AsyncIterable<readonly PoolEvent[]> {
    return this.#behind.tail();
  }

  async close(): Promise<void> {}
}
