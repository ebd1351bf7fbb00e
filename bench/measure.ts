/** Takes one measurement in a process that was started for it. */
import { setImmediate } from 'node:timers/promises';
import { range } from './model.ts';
import { median } from './stats.ts';

/** Prepares a run, which is not timed, and returns the part to be timed. */
export type Scenario = () => Promise<() => unknown>;

export interface MeasureOptions {
  /** Runs that are discarded first, until the code is compiled and optimized. */
  readonly warmups?: number;
  /** Timed runs; the measurement is their median. */
  readonly runs?: number;
}

/**
 * Microseconds of the timed part of a scenario, from its call until its result has settled. No garbage collection is
 * forced in between: the garbage of a contender is its own cost, and a full collection shrinks V8's young generation,
 * which makes the next run of any contender up to 50 % slower.
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
 * Microseconds per call of many calls to the same pool, for calls that are too short for a pool each. There is a turn
 * of the event loop between two calls, so that the effects of the previous one are completed.
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

/** A full garbage collection, before memory is read and after preparations that cost more than the timed part. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('Measuring needs node --expose-gc.');
  globalThis.gc();
}
