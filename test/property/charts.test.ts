import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnyMachineSnapshot, createActor } from 'xstate';
import { ChartNotCompilable } from 'xstate-taskpool';
import { compile } from 'xstate-taskpool/machines';
import { CHART_EVENTS, type Config, chart, configOf, machineOf } from '../support/model/charts.ts';
import { questionsOf, visible } from '../support/model/snapshots.ts';
import { runs } from '../support/runs.ts';

const events = fc.array(
  fc.record({ type: fc.constantFrom(...CHART_EVENTS, 'foreign'), n: fc.nat(3) }),
  { maxLength: 15 },
);
const input = { count: 0 };

const outputs = fc.constantFrom<Config>(
  {},
  { output: ({ context }: { context: object }) => ({ ...context, done: true }) },
  { output: ({ event }: { event: { type: string } }) => event.type },
);

test('any chart that has a table behaves compiled as xstate’s own does', () => {
  fc.assert(
    fc.property(chart, outputs, events, (shape, output, sequence) => {
      const machine = machineOf({ ...configOf(shape), ...output });
      const compiled = compile(machine, CHART_EVENTS);
      const questions = questionsOf(
        machine,
        [...CHART_EVENTS].map((type) => ({ type })),
      );
      const see = (snapshot: unknown) => visible(snapshot as AnyMachineSnapshot, questions);
      const ours = createActor(compiled.logic, { input: input as never }).start();
      const theirs = createActor(machine, { input: input as never }).start();
      expect(see(ours.getSnapshot())).toEqual(see(theirs.getSnapshot()));
      for (const event of sequence) {
        if (theirs.getSnapshot().status === 'done') break;
        ours.send(event as never);
        theirs.send(event as never);
        expect(see(ours.getSnapshot())).toEqual(see(theirs.getSnapshot()));
      }
    }),
    runs(1000),
  );
});

/**
 * Adds to a state what no table can express. `undefined` if that state cannot have it. The event
 * is one that no state inside can have an answer to that hides this one.
 */
type Feature = (state: Config) => Config | undefined;

const hasStates = ({ states }: Config) => states !== undefined;
const isLeaf = (state: Config) => !hasStates(state) && state['type'] !== 'final';
const on = (state: Config, more: Config): Config | undefined =>
  state['type'] === 'final' ? undefined : { ...state, on: { ...state.on, ...more } };

const FEATURES: Record<string, Feature> = {
  'a parallel state': (state) =>
    hasStates(state) ? { ...state, type: 'parallel', initial: undefined } : undefined,
  'a history state': (state) =>
    hasStates(state)
      ? { ...state, states: { ...state.states, h: { type: 'history' } } }
      : undefined,
  'an eventless transition': (state) =>
    isLeaf(state) ? { ...state, always: { actions: 'named' } } : undefined,
  'an invocation': (state) => (isLeaf(state) ? { ...state, invoke: { src: 'any' } } : undefined),
  'a delayed transition': (state) =>
    isLeaf(state) ? { ...state, after: { 10: { actions: 'named' } } } : undefined,
  'an entry action': (state) => ({ ...state, entry: 'named' }),
  'an exit action': (state) => ({ ...state, exit: 'named' }),
  'an initial action': (state) =>
    hasStates(state)
      ? { ...state, initial: { target: state['initial'], actions: 'named' } }
      : undefined,
  'a final state inside a state': (state) =>
    isLeaf(state) ? { ...state, initial: 'f', states: { f: { type: 'final' } } } : undefined,
  'an output of a final state': (state) =>
    state['type'] === 'final' ? { ...state, output: 1 } : undefined,
  'a guard': (state) => on(state, { x: { actions: 'named', guard: () => true } }),
  'a choice of transitions': (state) =>
    on(state, { x: [{ actions: 'named' }, { actions: 'named' }] }),
  'a wildcard': (state) => on(state, { '*': { actions: 'named' } }),
  'a partial wildcard': (state) => on(state, { 'x.*': { actions: 'named' } }),
  'a transition on an event of xstate': (state) =>
    on(state, { 'xstate.done.actor.0': { actions: 'named' } }),
  'another action': (state) => on(state, { x: { actions: () => {} } }),
  'an action with parameters': (state) =>
    on(state, { x: { actions: { type: 'named', params: { n: 1 } } } }),
  'an unknown event': (state) => on(state, { e9: { actions: 'named' } }),
};

/** Adds a feature to the state with this number, counted from the outside in. */
function withFeature(root: Config, feature: Feature, pick: number): Config | undefined {
  const paths: string[][] = [];
  const walk = (state: Config, path: string[]) => {
    if (path.length > 0) paths.push(path);
    for (const [key, child] of Object.entries(state.states ?? {})) walk(child, [...path, key]);
  };
  walk(root, []);
  return addAt(root, paths[pick % paths.length] ?? [], feature);
}

function addAt(state: Config, [key, ...rest]: string[], feature: Feature): Config | undefined {
  if (key === undefined) return feature(state);
  const child = addAt(state.states?.[key] as Config, rest, feature);
  return child && { ...state, states: { ...state.states, [key]: child } };
}

test.each(Object.keys(FEATURES))('a chart with %s is refused', (name) => {
  let refused = 0;
  fc.assert(
    fc.property(chart, fc.nat(20), (shape, pick) => {
      const config = withFeature(configOf(shape), FEATURES[name] as Feature, pick);
      fc.pre(config !== undefined);
      const machine = machineOf(config);
      expect(() => compile(machine, [...CHART_EVENTS, 'x'])).toThrow(ChartNotCompilable);
      refused++;
    }),
    runs(50),
  );
  expect(refused).toBeGreaterThan(0);
});

test('a chart with an output that is not computed is refused', () => {
  fc.assert(
    fc.property(chart, (shape) => {
      const machine = machineOf({ ...configOf(shape), output: 'fixed' });
      expect(() => compile(machine, CHART_EVENTS)).toThrow(ChartNotCompilable);
    }),
    runs(50),
  );
});
