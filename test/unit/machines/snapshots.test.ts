import { describe, expect, test } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { EVENT_TYPES } from 'xstate-taskpool';
import { compile, taskMachine } from 'xstate-taskpool/machines';

const input = { id: 3, group: 'mine', index: 1, attempt: 1 };
const chart = compile(taskMachine, EVENT_TYPES);
const events = [
  { type: 'task.started', id: 3 },
  { type: 'task.progressed', id: 3, progress: { half: true } },
  { type: 'task.cancelling', id: 3, reason: 'why' },
  { type: 'task.cancelled', id: 3 },
  { type: 'task.ended', id: 3, outcome: 'cancelled' },
] as const;

/** Two actors of the chart, one that is compiled and one that is not, after some events. */
function pair(count: number) {
  const ours = createActor(chart.logic, { input }).start();
  const theirs = createActor(taskMachine, { input }).start();
  for (const event of events.slice(0, count)) {
    ours.send(event);
    theirs.send(event);
  }
  return { ours, theirs };
}

const counts = events.map((_, n) => n).concat(events.length);

describe('a snapshot of the compiled logic', () => {
  test.each(counts)('is as that of the machine, after %i events', (count) => {
    const { ours, theirs } = pair(count);
    const [a, b] = [ours.getSnapshot(), theirs.getSnapshot()];
    expect(a.value).toEqual(b.value);
    expect(a.context).toEqual(b.context);
    expect(a.status).toBe(b.status);
    expect(a.output).toEqual(b.output);
    expect(a.error).toBe(b.error);
    expect(a.tags).toEqual(b.tags);
    expect(a.children).toEqual(b.children);
    expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
    expect(Object.keys(a.toJSON() as object)).toEqual(Object.keys(b.toJSON() as object));
    for (const value of ['queued', 'running', 'cancelled', 'ended'] as const) {
      expect(a.matches(value)).toBe(b.matches(value));
    }
    expect(a.matches({ running: 'cancelling' })).toBe(b.matches({ running: 'cancelling' }));
    for (const tag of ['waiting', 'running', 'unwinding'] as const) {
      expect(a.hasTag(tag)).toBe(b.hasTag(tag));
    }
    for (const event of events) expect(a.can(event)).toBe(b.can(event));
    expect(a.getMeta()).toEqual(b.getMeta());
    expect(a.machine).toBe(b.machine);
  });

  test('says what its chart says about its states', () => {
    const machine = createMachine({
      id: 'told',
      initial: 'a',
      states: { a: { meta: { colour: 'red' }, initial: 'b', states: { b: { meta: { n: 1 } } } } },
    });
    const { logic } = compile(machine, []);
    expect(createActor(logic, { input: undefined }).getSnapshot().getMeta()).toEqual({
      'told.a': { colour: 'red' },
      'told.a.b': { n: 1 },
    });
  });

  test('is a new one for each transition, and the same where nothing happens', () => {
    const actor = createActor(chart.logic, { input }).start();
    const queued = actor.getSnapshot();
    actor.send({ type: 'task.progressed', id: 3, progress: 1 });
    expect(actor.getSnapshot()).toBe(queued);
    actor.send(events[0]);
    actor.send(events[1]);
    expect(queued.value).toBe('queued');
    expect(queued.context).toEqual(input);
    expect(actor.getSnapshot().context).toEqual({ ...input, progress: { half: true } });
  });

  test('can be made for a state and a context without an actor', () => {
    const snapshot = chart.snapshot(chart.code('running.cancelling'), input);
    expect(snapshot.value).toEqual({ running: 'cancelling' });
    expect(snapshot.matches('running')).toBe(true);
    expect(snapshot.status).toBe('active');
    const done = chart.snapshot(chart.code('ended'), { ...input, outcome: 'fulfilled' });
    expect(done).toMatchObject({ status: 'done', output: { id: 3, outcome: 'fulfilled' } });
  });
});

describe('persisting', () => {
  test.each(counts)(
    'gives what the machine gives, and restores to it, after %i events',
    (count) => {
      const { ours, theirs } = pair(count);
      const persisted = JSON.parse(JSON.stringify(ours.getPersistedSnapshot()));
      expect(persisted).toEqual(JSON.parse(JSON.stringify(theirs.getPersistedSnapshot())));

      const again = createActor(chart.logic, { input, snapshot: persisted }).start();
      const snapshot = again.getSnapshot();
      expect(snapshot).toMatchObject({
        value: ours.getSnapshot().value,
        context: ours.getSnapshot().context,
        status: ours.getSnapshot().status,
        output: ours.getSnapshot().output,
      });
      for (const event of events) expect(snapshot.can(event)).toBe(theirs.getSnapshot().can(event));
      for (const event of events.slice(count)) again.send(event);
      expect(again.getSnapshot()).toMatchObject({
        value: 'ended',
        output: { id: 3, outcome: 'cancelled' },
      });
    },
  );

  test('works across the two: what one wrote the other reads', () => {
    const { ours, theirs } = pair(2);
    const [a, b] = [ours, theirs].map((actor) =>
      JSON.parse(JSON.stringify(actor.getPersistedSnapshot())),
    );
    expect(createActor(taskMachine, { input, snapshot: a }).getSnapshot().value).toEqual({
      running: 'active',
    });
    expect(createActor(chart.logic, { input, snapshot: b }).getSnapshot().value).toEqual({
      running: 'active',
    });
  });

  test('keeps that an actor was stopped', () => {
    const actor = createActor(chart.logic, { input }).start();
    actor.send(events[0]);
    actor.stop();
    const snapshot = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()));
    expect(snapshot.status).toBe('stopped');
    const again = createActor(chart.logic, { input, snapshot });
    expect(again.getSnapshot().status).toBe('stopped');
  });

  test('refuses a state that the chart does not have', () => {
    const snapshot = { ...pair(0).ours.getPersistedSnapshot(), value: 'flying' };
    const restoring = () => chart.logic.restoreSnapshot?.(snapshot as never, {} as never);
    expect(restoring).toThrow(new RangeError('expected a state of \'task\', got "flying"'));
  });
});

test('an actor of the compiled logic can be stopped', () => {
  const { ours, theirs } = pair(1);
  for (const actor of [ours, theirs]) {
    actor.stop();
    actor.send(events[4]);
    expect(actor.getSnapshot()).toMatchObject({ status: 'stopped', value: { running: 'active' } });
  }
});
