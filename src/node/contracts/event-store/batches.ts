/** Reads the events of stores, in batches of any size. */

import type { PoolEvent } from '../../../index.ts';
import { equal, errorOf, ok } from '../expecting.ts';

type Batches = AsyncIterable<readonly PoolEvent[]>;

/** The numbers of events. */
export const seqs = (events: readonly PoolEvent[]): number[] => events.map(({ seq }) => seq);

/** The numbers from the first to the last. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

/** All events. */
export async function all(batches: Batches): Promise<PoolEvent[]> {
  const events: PoolEvent[] = [];
  for await (const batch of batches) events.push(...batch);
  return events;
}

/** Iterates over single events, independent of batches. */
export class Cursor {
  readonly #events: AsyncGenerator<PoolEvent, undefined>;

  constructor(batches: Batches) {
    this.#events = oneByOne(batches);
  }

  /** Resolves with undefined at the end. */
  async next(): Promise<PoolEvent | undefined> {
    return (await this.#events.next()).value;
  }

  /** The numbers of the next events; NaN where there is none. */
  async take(count: number): Promise<number[]> {
    const taken: number[] = [];
    while (taken.length < count) taken.push((await this.next())?.seq ?? Number.NaN);
    return taken;
  }
}

async function* oneByOne(batches: Batches): AsyncGenerator<PoolEvent, undefined> {
  for await (const batch of batches) yield* batch;
  return undefined;
}

/** Asserts that a promise is still pending after some turns of the event loop. */
export async function isPending(promise: Promise<unknown>): Promise<void> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  for (let turns = 0; turns < 8; turns++) await new Promise((resolve) => setImmediate(resolve));
  ok(!settled, 'expected it to wait, it did not');
}

/** Asserts that a promise rejects with an error of this code, or of this name for errors without code. */
export async function refuses(promise: Promise<unknown>, name: string): Promise<void> {
  const error = await errorOf(promise);
  equal(error['code'] ?? error.name, name);
}
