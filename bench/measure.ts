/** Taking one measurement inside a process that was started for it. */
import { setImmediate } from 'node:timers/promises';
import { range } from './model.ts';
import { median } from './stats.ts';

/** Prepares outside the time and gives back the part to be timed. */
export type Scenario = () => Promise<() => unknown>;

export interface MeasureOptions {
  /** Runs thrown away first, until the code is compiled and its types are known. */
  readonly warmups?: number;
  /** Timed runs; the measurement is their median. */
  readonly runs?: number;
}

/**
 * Microseconds the timed part of a scenario takes, from its call until what it returned has settled. Nothing is
 * collected by force in between: what a contender leaves behind is its own cost, and a full collection shrinks V8's
 * young generation, which makes the next run of everybody up to half slower.
 */
export async function medianMicros(
  scenario: Scenario,
  { warmups = 4, runs = 3 }: MeasureOptions = {},
): Promise<number> {
  const samples: number[] = [];
  for (let run = -warmups; run < runs; run++) {
    const timed = await scenario();
    const start = performance.now();
    await timed();
    const micros = (performance.now() - start) * 1000;
    if (run >= 0) samples.push(micros);
  }
  return median(samples);
}

/** A measurement of `run` over `tasks` items: microseconds per item. */
export function perTask(
  tasks: number,
  run: (items: number[]) => Promise<unknown>,
  options?: MeasureOptions,
): () => Promise<number> {
  return async () => {
    const items = range(tasks);
    return (await medianMicros(async () => () => run(items), options)) / tasks;
  };
}

/** Enough calls that V8 has compiled what they run; with ten tasks each, 3,000 tasks. */
export const HOT: Required<MeasureOptions> = { warmups: 200, runs: 100 };

/**
 * Microseconds of one call of many to the same pool, for calls that are too short to be repeated on a pool of their own.
 * A turn of the event loop lies between two calls, so that each finds the effects of the one before done.
 */
export async function microsPerCall(
  call: () => unknown,
  { warmups, runs }: Required<MeasureOptions>,
): Promise<number> {
  const samples: number[] = [];
  for (let index = -warmups; index < runs; index++) {
    const start = performance.now();
    const pending = call();
    if (pending instanceof Promise) await pending;
    const micros = (performance.now() - start) * 1000;
    if (index >= 0) samples.push(micros);
    await setImmediate();
  }
  return median(samples);
}

/** A full collection: before memory is read, and after preparations that cost more than what is timed. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('Measuring needs node --expose-gc.');
  globalThis.gc();
}
