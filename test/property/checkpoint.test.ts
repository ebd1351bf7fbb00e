import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkpointOf, type PoolEvent, replay } from 'xstate-taskpool';
import { finish } from '../support/model/finale.ts';
import { Gates } from '../support/model/gates.ts';
import { plainPrograms } from '../support/model/programs.ts';
import { settings, taskPoolWorld } from '../support/model/settings.ts';
import { runs } from '../support/runs.ts';
import { samples } from '../support/sample-events.ts';

/** Goes on from a checkpoint at each event, and has to come to where all the events lead. */
function checkEveryPlace(events: readonly PoolEvent[]): void {
  const whole = { snapshot: replay(events), checkpoint: checkpointOf(events) };
  for (const { seq } of events) {
    const from = JSON.parse(JSON.stringify(checkpointOf(events, { until: seq })));
    const rest = events.slice(seq + 1);
    expect(replay([], { from })).toStrictEqual(replay(events, { until: seq }));
    expect(replay(rest, { from })).toStrictEqual(whole.snapshot);
    expect(checkpointOf(rest, { from })).toStrictEqual(whole.checkpoint);
  }
}

test('whatever happened, one can go on from a checkpoint at any event', async () => {
  await fc.assert(
    fc.asyncProperty(settings, plainPrograms(15), async (given, program) => {
      const gates = new Gates();
      const { model, real } = taskPoolWorld(given, gates);
      await fc.asyncModelRun(() => ({ model, real }), program);
      checkEveryPlace([...real.journal]);
      await finish(model, async () => gates.openAll());
    }),
    runs(60),
  );
});

test('with every type of event, too', () => {
  checkEveryPlace(samples);
});

test('a checkpoint of another version is refused', () => {
  const from = { ...checkpointOf(samples), v: 9 };
  expect(() => replay([], { from })).toThrow(
    new RangeError('expected a checkpoint of version 2 to 3, got 9'),
  );
});
