/** Flow control as a whole, against a naive reference: everything that decides when a task runs. */

import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { doStep } from '../support/flow/doing.ts';
import { jobClock } from '../support/flow/job-clock.ts';
import { type Batch, programs } from '../support/flow/steps.ts';
import { type Setting, settings, World } from '../support/flow/world.ts';
import { isLong } from '../support/length.ts';
import { runs } from '../support/runs.ts';

/** At least this many steps are taken by the long tests. */
const STEPS = 1_000_000;

async function run(program: readonly Batch[], setting: Setting, scheduler: fc.Scheduler) {
  const world = new World(setting, scheduler);
  for (const { steps, ending } of program) {
    await world.together(steps.map((step) => ({ label: step.do, run: () => doStep(world, step) })));
    if (ending !== 'none') await world.die(ending);
    // What follows from a mistake says no more of it.
    if (world.referee.problems.length > 0) return world;
  }
  await world.finish();
  return world;
}

afterEach(() => void vi.restoreAllMocks());

test(
  'a pool does with its flow what the reference says, in any order, whatever dies in between',
  async () => {
    vi.spyOn(performance, 'now').mockImplementation(jobClock.now);
    let numSteps = 0;
    let numEvents = 0;
    const property = fc.asyncProperty(
      programs,
      settings,
      fc.scheduler(),
      async (program, setting, scheduler) => {
        const { referee, numSteps: steps } = await run(program, setting, scheduler);
        numSteps += steps;
        numEvents += referee.numEvents;
        expect(referee.problems).toEqual([]);
      },
    );
    do {
      await fc.assert(property, runs(isLong ? 1_000 : 150));
      console.info(`flow: ${numSteps} steps, ${numEvents} events checked, 0 violations`);
    } while (isLong && numSteps < STEPS);
  },
  // Four hours: a machine that has other things to do takes more than one.
  isLong ? 14_400_000 : undefined,
);
