import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finish } from '../support/model/finale.ts';
import { Gates } from '../support/model/gates.ts';
import { taskPoolPrograms } from '../support/model/programs.ts';
import { settings, taskPoolWorld } from '../support/model/settings.ts';
import { runs } from '../support/runs.ts';

test('a task pool keeps its promises, whatever is done with it', async () => {
  await fc.assert(
    fc.asyncProperty(settings, taskPoolPrograms(30), async (given, program) => {
      const gates = new Gates();
      const { model, real } = taskPoolWorld(given, gates);
      await fc.asyncModelRun(() => ({ model, real }), program);
      await finish(model, async () => gates.openAll());
      expect(real.isClosed).toBe(true);
    }),
    runs(500),
  );
});
