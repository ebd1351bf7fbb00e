import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finish } from '../support/model/finale.ts';
import { Gates } from '../support/model/gates.ts';
import { plainPrograms } from '../support/model/programs.ts';
import { settings, taskPoolWorld } from '../support/model/settings.ts';
import { runs } from '../support/runs.ts';

test('a replay of the journal comes to the state of the pool, at every event', async () => {
  await fc.assert(
    fc.asyncProperty(settings, plainPrograms(20), async (given, program) => {
      const gates = new Gates();
      const { model, real } = taskPoolWorld(given, gates);
      const { seq: start } = real.snapshot();
      const missed: number[] = [];
      // Subscribers are told right after the event is in the state, and before the next one is.
      real.on('*', ({ seq }) => {
        const snapshot = real.snapshot();
        model.snapshots.push(snapshot);
        if (snapshot.seq !== seq) missed.push(seq);
      });
      await fc.asyncModelRun(() => ({ model, real }), program);
      await finish(model, async () => gates.openAll());
      expect(missed).toEqual([]);
      expect(model.snapshots.at(-1)?.seq).toBe(start + model.oracle.events.length - 1);
    }),
    runs(300),
  );
});
