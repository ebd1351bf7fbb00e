/** `simulate()`: runs the recorded work of a pool with other settings. */

import { type PoolEvent, rebuilding } from '../index.ts';
import { upcast } from '../journal/upcast.ts';
import { checkIterable } from '../kit/checks.ts';
import { type RunFigures, runFigures, type SizeFrom, type Times } from './figures.ts';
import { Recording } from './recording.ts';
import { Rerun } from './rerun.ts';
import { checkSimulateOptions, type SimulateOptions } from './simulate-options.ts';

/** Events in order, one by one or in batches: an array, a journal in memory, `store.read()`. */
export type RecordedEvents =
  | Iterable<PoolEvent | readonly PoolEvent[]>
  | AsyncIterable<PoolEvent | readonly PoolEvent[]>;

/** The recorded figures and the simulated ones. */
export interface Simulation {
  /** The figures of the recorded run. */
  readonly recorded: RunFigures;
  /** The figures of the simulated run. */
  readonly simulated: RunFigures;
  /** The number of tasks that have not ended or never started: both figures leave them out. */
  readonly leftOut: number;
}

/**
 * Runs the tasks of a journal again, each as long as recorded, on a real pool with a simulated clock: an hour takes
 * moments. Items of arrays arrive with their group, others as recorded. Functions are not called, so the influence of
 * tasks on each other is unknown.
 *
 * @throws TypeError, RangeError for invalid options or events, or events that do not begin with the first one;
 *   StoreGap, IllegalTransition for events that are not those of a pool, in order; LimitNotFound for a limit that the
 *   recorded pool does not have.
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
    // Events that cannot have happened are refused, since a rerun might never end.
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
