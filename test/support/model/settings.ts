/** Pools for programs. */

import fc from 'fast-check';
import type { Retain, SimpleTaskPool, TaskPool } from 'xstate-taskpool';
import { simplePool, taskPool } from '../pools.ts';
import { callbackOptions } from './callbacks.ts';
import { makeFunction } from './functions.ts';
import type { Pauses } from './gates.ts';
import { ARGS } from './job.ts';
import { applyOne } from './making.ts';
import { type GroupScript, groupScript, seeing } from './scripts.ts';
import { type Settings, World } from './world.ts';

export const settings: fc.Arbitrary<Settings> = fc.record({
  poolSize: fc.constantFrom(1, 2, 3, 0, Number.POSITIVE_INFINITY),
  retain: fc.constantFrom<Retain>('all', 'all', 'errors', 'none', 0, 2),
  maxQueued: fc.constantFrom(
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    1,
    2,
  ),
});

/** The script of all groups of a simple pool. */
export const simpleScript: fc.Arbitrary<GroupScript> = groupScript.map((script) => ({
  ...seeing(script),
  name: undefined,
  signal: undefined,
}));

const NAME = 'program';

export function taskPoolWorld(given: Settings, pauses: Pauses): { model: World; real: TaskPool } {
  const model = new World(given, pauses, ({ clock }, signal) =>
    taskPool({ ...given, name: NAME, signal, clock, journal: { size: Number.POSITIVE_INFINITY } }),
  );
  model.applyOne = () => applyOne(model);
  return { model, real: model.pool as TaskPool };
}

export function simplePoolWorld(
  given: Settings,
  script: GroupScript,
  pauses: Pauses,
): { model: World; real: SimpleTaskPool } {
  const model = new World(given, pauses, (world, signal) =>
    simplePool(
      makeFunction(script.form, 'args', (args) => world.callFunction(undefined, args)),
      [...ARGS],
      {
        ...given,
        ...callbackOptions(world, script),
        ...script.attempts,
        clock: world.clock,
        name: NAME,
        signal,
        journal: { size: Number.POSITIVE_INFINITY },
      },
    ),
  );
  model.simpleScript = script;
  model.applyOne = () => applyOne(model);
  return { model, real: model.pool as SimpleTaskPool };
}
