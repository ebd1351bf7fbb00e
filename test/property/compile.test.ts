import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  getInitialSnapshot,
  getNextSnapshot,
} from 'xstate';
import { EVENT_TYPES } from 'xstate-taskpool';
import { compile, poolMachine, REFUSED, taskMachine } from 'xstate-taskpool/machines';
import { isLong } from '../support/length.ts';
import { questionsOf, visible } from '../support/model/snapshots.ts';
import { runs } from '../support/runs.ts';

interface ChartEvent {
  readonly type: string;
}

interface Subject {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly types: readonly string[];
  readonly input: object;
  readonly events: readonly ChartEvent[];
  /** How many states of the chart there are, contexts apart. */
  readonly size: number;
}

const error = { name: 'Error', message: 'failed' };
const FOREIGN = [{ type: 'nothing' }, { type: '' }];

const SUBJECTS: Subject[] = [
  {
    name: 'task',
    machine: taskMachine,
    types: EVENT_TYPES.filter((type) => type.startsWith('task.')),
    input: { id: 7, group: 'g', index: 2, attempt: 1 },
    events: [
      { type: 'task.queued', id: 7, group: 'g', index: 2 },
      { type: 'task.started', id: 7 },
      { type: 'task.progressed', id: 7, progress: 0.5 },
      { type: 'task.progressed', id: 7, progress: null },
      { type: 'task.cancelling', id: 7 },
      { type: 'task.cancelling', id: 7, reason: null },
      { type: 'task.cancelling', id: 7, reason: { why: 'test' } },
      { type: 'task.cancelled', id: 7 },
      { type: 'task.ended', id: 7, outcome: 'fulfilled' },
      { type: 'task.ended', id: 7, outcome: 'cancelled' },
      { type: 'task.ended', id: 7, outcome: 'rejected', error },
      { type: 'task.interrupted', id: 7 },
      { type: 'task.interrupted', id: 7, unstarted: true },
      { type: 'task.interrupted', id: 7, suspended: true },
      { type: 'task.timedOut', id: 7, which: 'timeout' },
      { type: 'task.failed', id: 7, attempt: 1, error, retryAt: 5 },
      { type: 'task.requeued', id: 7 },
      { type: 'task.placed', id: 7, by: 'here' },
      { type: 'task.placed', id: 7, by: 'there' },
      { type: 'task.prioritised', id: 7, priority: 1 },
      { type: 'pool.closing' },
      ...FOREIGN,
    ] as ChartEvent[],
    size: 7,
  },
  {
    name: 'pool',
    machine: poolMachine,
    types: EVENT_TYPES.filter((type) => type.startsWith('pool.')),
    input: { name: 'p', kind: 'TaskPool', poolSize: null, paused: false },
    events: [
      { type: 'pool.created', kind: 'TaskPool', poolSize: 1, retain: 'all' },
      { type: 'pool.resized', poolSize: 3 },
      { type: 'pool.resized', poolSize: null },
      { type: 'pool.locked' },
      { type: 'pool.unlocked' },
      { type: 'pool.paused' },
      { type: 'pool.resumed' },
      { type: 'pool.suspended' },
      { type: 'pool.flushed', forgotten: 2 },
      { type: 'pool.recovered' },
      { type: 'pool.closing' },
      { type: 'pool.closed' },
      { type: 'task.started', id: 0 },
      ...FOREIGN,
    ] as ChartEvent[],
    size: 4,
  },
];

/** One event of each type, and of each outcome: values that events carry are also those of random sequences. */
function oneOfEach(events: readonly ChartEvent[]): readonly ChartEvent[] {
  const kinds = new Map<string, ChartEvent>();
  for (const event of events) {
    const kind = JSON.stringify([event.type, Reflect.get(event, 'outcome')]);
    if (!kinds.has(kind)) kinds.set(kind, event);
  }
  return [...kinds.values()];
}

describe.each(SUBJECTS)('the $name chart, compiled', ({ machine, types, input, events, size }) => {
  const compiled = compile(machine, types);
  const questions = questionsOf(machine, events);
  const see = (snapshot: unknown) => visible(snapshot as AnyMachineSnapshot, questions);

  test('takes every event in every state as xstate does', () => {
    type Pair = readonly [ours: unknown, theirs: AnyMachineSnapshot];
    const first: Pair = [
      getInitialSnapshot(compiled.logic, input as never),
      getInitialSnapshot(machine, input as never),
    ];
    /** Snapshots of the chart, and ours as JSON, which were compared. */
    const seen = new Map<string, string>();
    const states = new Set<string>();
    const waiting: Pair[] = [first];
    const sent = isLong ? events : oneOfEach(events);
    let steps = 0;
    let expanded = 0;
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      const [ours, theirs] = pair;
      const state = JSON.stringify(theirs.value);
      const key = JSON.stringify([theirs.value, theirs.context, theirs.status, theirs.output]);
      const json = JSON.stringify(ours);
      if (seen.get(key) === json) continue;
      expect(see(ours)).toEqual(see(theirs));
      expect(seen.has(key)).toBe(false);
      seen.set(key, json);
      states.add(state);
      // Attempts have no end.
      if (theirs.context.attempt > 1) continue;
      expanded++;
      for (const event of sent) {
        steps++;
        waiting.push([
          getNextSnapshot(compiled.logic, ours as never, event as never),
          getNextSnapshot(machine, theirs, event as never),
        ]);
      }
    }
    expect(states.size).toBe(size);
    expect(compiled.states).toHaveLength(size);
    expect(steps).toBe(expanded * sent.length);
  });

  test('has in its table what the chart allows, and nothing else', () => {
    for (const [code, name] of compiled.states.entries()) {
      const snapshot = compiled.snapshot(code, input as never) as AnyMachineSnapshot;
      expect(compiled.code(name)).toBe(code);
      for (const [column, type] of types.entries()) {
        const to = compiled.table[code * types.length + column] as number;
        const event = events.find((each) => each.type === type) as never;
        const next = getNextSnapshot(machine, snapshot, event);
        const isAllowed = snapshot.status !== 'done' && snapshot.can(event);
        expect(to !== REFUSED).toBe(isAllowed);
        if (!isAllowed) continue;
        const target = compiled.snapshot(to, input as never) as AnyMachineSnapshot;
        expect(target.value).toEqual(next.value);
      }
    }
  });

  test('is an actor that behaves as xstate’s own through any events', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (sequence) => {
        const ours = createActor(compiled.logic, { input: input as never });
        const theirs = createActor(machine, { input: input as never });
        const told: [unknown[], unknown[]] = [[], []];
        ours.subscribe((snapshot) => told[0].push(see(snapshot)));
        theirs.subscribe((snapshot) => told[1].push(see(snapshot)));
        ours.start();
        theirs.start();
        for (const event of sequence) {
          if (theirs.getSnapshot().status === 'done') break;
          ours.send(event as never);
          theirs.send(event as never);
          expect(see(ours.getSnapshot())).toEqual(see(theirs.getSnapshot()));
          const stored = JSON.stringify(ours.getPersistedSnapshot());
          expect(stored).toBe(JSON.stringify(theirs.getPersistedSnapshot()));
          const snapshot = JSON.parse(stored) as never;
          const restored = createActor(compiled.logic, { input: input as never, snapshot });
          expect(see(restored.getSnapshot())).toEqual(see(theirs.getSnapshot()));
        }
        expect(told[0]).toEqual(told[1]);
      }),
      runs(200),
    );
  });
});
