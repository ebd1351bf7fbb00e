import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finish } from '../support/model/finale.ts';
import { simplePoolPrograms, taskPoolPrograms } from '../support/model/programs.ts';
import { openAll, scheduledPauses } from '../support/model/scheduled.ts';
import {
  settings,
  simplePoolWorld,
  simpleScript,
  taskPoolWorld,
} from '../support/model/settings.ts';
import { runs } from '../support/runs.ts';

test('functions, sources and callbacks of a task pool settle in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      taskPoolPrograms(20),
      fc.scheduler(),
      async (given, program, scheduler) => {
        const { model, real } = taskPoolWorld(given, scheduledPauses(scheduler));
        await fc.scheduledModelRun(scheduler, () => ({ model, real }), program);
        await finish(model, () => openAll(scheduler, model));
        expect(real.isClosed).toBe(true);
      },
    ),
    runs(200),
  );
});

test('functions and callbacks of a simple task pool settle in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      simpleScript,
      simplePoolPrograms(20),
      fc.scheduler(),
      async (given, script, program, scheduler) => {
        const { model, real } = simplePoolWorld(given, script, scheduledPauses(scheduler));
        await fc.scheduledModelRun(scheduler, () => ({ model, real }), program);
        await finish(model, () => openAll(scheduler, model));
        expect(real.isClosed).toBe(true);
      },
    ),
    runs(200),
  );
});
