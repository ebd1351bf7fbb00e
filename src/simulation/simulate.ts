/** Runs the recorded work of a pool again, as if it had been set up in another way. */

import { type PoolEvent, rebuilding } from '../index.ts';
import { upcast } from '../journal/upcast.ts';
import { checkIterable } from '../kit/checks.ts';
import { type RunFigures, runFigures, type SizeFrom, type Times } from './figures.ts';
import { Recording } from './recording.ts';
import { Rerun } from './rerun.ts';
import { checkSimulateOptions, type SimulateOptions } from './simulate-options.ts';

/** Events in their order, one by one or in batches: an array, a journal in memory, `store.read()`. */
export type RecordedEvents =
  | Iterable<PoolEvent | readonly PoolEvent[]>
  | AsyncIterable<PoolEvent | readonly PoolEvent[]>;

/** What was, and what would have been. */
export interface Simulation {
  readonly recorded: RunFigures;
  readonly simulated: RunFigures;
  /** Tasks that have not ended, or never started: both sides leave them out. */
  readonly leftOut: number;
}

/**
 * Runs the tasks of a journal again, for as long as each of them took, by the real pool under a
 * simulated clock: an hour takes moments. Tasks of arrays come with their group, others when they came.
 * Functions are not called; what they would do to each other is not known.
 *
 * @throws TypeError, RangeError for invalid options or events, or events that begin in the middle; StoreGap,
 * IllegalTransition for events that are not those of a pool, in their order; LimitNotFound for a limit that
 * the recorded pool does not have.
 *
 * @example
 * ```ts
 * import { TaskPool } from 'xstate-taskpool';
 * import { simulate } from 'xstate-taskpool/simulate';
 * import { SimulatedClock } from 'xstate-taskpool/testing';
 *
 * const clock = new SimulatedClock();
 * const pool = new TaskPool({ poolSize: 2, clock });
 * await clock.until(pool.map(() => clock.sleep(1_000), [1, 2, 3, 4]).results());
 *
 * const { recorded, simulated } = await simulate(pool.journal, { poolSize: 4 });
 * recorded.makespan; // => 2000
 * simulated.makespan; // => 1000
 * ```
 */
export async function simulate(
  events: RecordedEvents,
  options: SimulateOptions = {},
): Promise<Simulation> {
  checkIterable('events', events);
  checkSimulateOptions(options);
  const recording = new Recording(options.arrivals === 'atOnce');
  let state = rebuilding.initial();
  const add = (given: PoolEvent) => {
    const event = upcast(given);
    recording.add(event);
    // What cannot have happened is refused: a rerun of it might never end.
    state = rebuilding.apply(state, event);
  };
  for await (const each of events) {
    if (isBatch(each)) for (const event of each) add(event);
    else add(each);
  }
  const { all, ended } = tasksOf(recording);
  const rerun = new Rerun(recording, options);
  const simulated = await rerun.run();
  return {
    recorded: runFigures(ended, sizesOf(recording, {})),
    simulated: runFigures(simulated, sizesOf(recording, options)),
    leftOut: all - ended.length,
  };
}

function isBatch(each: PoolEvent | readonly PoolEvent[]): each is readonly PoolEvent[] {
  return Array.isArray(each);
}

function tasksOf({ groups }: Recording): { readonly all: number; readonly ended: Times[] } {
  const tasks = groups.flatMap((group) => group.tasks);
  const ended = tasks.flatMap(({ group, arrivedAt, startedAt, endedAt, attempts }) => {
    if (startedAt === undefined || endedAt === undefined) return [];
    const ran = attempts.reduce((sum, attempt) => sum + attempt.ran, 0);
    return [{ group: group.name, arrivedAt, startedAt, endedAt, ran }];
  });
  return { all: tasks.length, ended };
}

function sizesOf(recording: Recording, { poolSize }: SimulateOptions): SizeFrom[] {
  if (poolSize !== undefined) return [{ at: 0, size: poolSize }];
  const sizes = [{ at: 0, size: recording.poolSize ?? Number.POSITIVE_INFINITY }];
  for (const { at, event } of recording.changes) {
    if (event.type !== 'pool.resized') continue;
    sizes.push({ at, size: event.poolSize ?? Number.POSITIVE_INFINITY });
  }
  return sizes;
}
