/** Random machines of every kind of state and transition, as definitions. */

import fc from 'fast-check';
import { createMachine } from 'xstate';

interface Config {
  [key: string]: unknown;
}

interface Shape {
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'shallow' | 'deep';
  readonly actions: number;
  readonly states: readonly Shape[];
}

/** A state with at most this many levels of child states. */
function shapeOf(levels: number): fc.Arbitrary<Shape> {
  return fc.record({
    kind: fc.constantFrom('atomic', 'atomic', 'compound', 'parallel', 'final', 'shallow', 'deep'),
    actions: fc.nat(2),
    states: levels === 0 ? fc.constant([]) : fc.array(shapeOf(levels - 1), { maxLength: 5 }),
  });
}

const EVENTS = ['GO', 'BACK', 'A_RATHER_LONG_EVENT', 'x', 'user.signed.in', '*'];

interface Transition {
  readonly from: number;
  readonly to: number;
  readonly event: string;
  readonly isGuarded: boolean;
}

const transition: fc.Arbitrary<Transition> = fc.record({
  from: fc.nat(1000),
  to: fc.nat(1000),
  event: fc.constantFrom(...EVENTS),
  isGuarded: fc.boolean(),
});

/** The config of a machine of up to some dozens of states. */
export const anyConfig: fc.Arbitrary<Config> = fc
  .record({
    states: fc.array(shapeOf(3), { minLength: 1, maxLength: 7 }),
    transitions: fc.array(transition, { maxLength: 30 }),
  })
  .map(({ states, transitions }) => configOf(states, transitions));

/** Its definition. */
export const anyDefinition: fc.Arbitrary<unknown> = anyConfig.map(
  (config) => createMachine(config).definition,
);

function configOf(shapes: readonly Shape[], transitions: readonly Transition[]): Config {
  const all: { readonly id: string; readonly config: Config; readonly kind: Shape['kind'] }[] = [];
  const stateOf = (shape: Shape, id: string): Config => {
    const isWhole = shape.kind === 'compound' || shape.kind === 'parallel';
    const inside = isWhole ? shape.states : [];
    const config: Config = { id };
    if (shape.kind === 'final') config['type'] = 'final';
    if (shape.kind === 'shallow' || shape.kind === 'deep') {
      Object.assign(config, { type: 'history', history: shape.kind });
    } else if (shape.actions > 0) {
      config['entry'] = Array.from({ length: shape.actions }, (_, n) => `action${n}`);
    }
    all.push({ id, config, kind: shape.kind });
    if (inside.length > 0) Object.assign(config, regionOf(inside, shape.kind === 'parallel', id));
    return config;
  };
  const regionOf = (inside: readonly Shape[], isParallel: boolean, id: string): Config => {
    const states = Object.fromEntries(
      inside.map((each, place) => [`s${place}`, stateOf(each, `${id}_${place}`)]),
    );
    return isParallel ? { type: 'parallel', states } : { initial: 's0', states };
  };
  const root = regionOf(shapes, false, 'm');
  const sources = all.filter(
    ({ kind }) => kind === 'atomic' || kind === 'compound' || kind === 'parallel',
  );
  for (const { from, to, event, isGuarded } of transitions) {
    const source = sources[from % sources.length];
    const target = all[to % all.length];
    if (source === undefined || target === undefined) continue;
    const on = (source.config['on'] ?? {}) as Record<string, object[]>;
    const guard = isGuarded ? { guard: 'isAllowed' } : {};
    on[event] = [...(on[event] ?? []), { target: `#${target.id}`, ...guard }];
    source.config['on'] = on;
  }
  return { id: 'm', ...root };
}
