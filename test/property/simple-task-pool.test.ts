import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finish } from '../support/model/finale.ts';
import { Gates } from '../support/model/gates.ts';
import { simplePoolPrograms } from '../support/model/programs.ts';
import { settings, simplePoolWorld, simpleScript } from '../support/model/settings.ts';
import { runs } from '../support/runs.ts';

test('a simple task pool keeps its promises, whatever is done with it', async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      simpleScript,
      simplePoolPrograms(30),
      async (given, script, program) => {
        const gates = new Gates();
        const { model, real } = simplePoolWorld(given, script, gates);
        expect(real.funcName).toBe('work');
        await fc.asyncModelRun(() => ({ model, real }), program);
        await finish(model, async () => gates.openAll());
        expect(real.isClosed).toBe(true);
      },
    ),
    runs(500),
  );
});
