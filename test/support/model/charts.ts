/** Random charts that can be compiled to a table, as data that is short when printed. */

import fc from 'fast-check';
import { type AnyStateMachine, assign, setup } from 'xstate';

export const CHART_EVENTS = ['e0', 'e1', 'e2', 'e3'] as const;

/** The reaction of a state to an event. */
interface Rule {
  readonly event: string;
  readonly kind: 'go' | 'go again' | 'stay' | 'forbid' | 'forbid by undefined';
  /** Its target among the states of the chart. */
  readonly target: number;
  readonly assigns: readonly ('count' | 'last' | 'named')[];
  /** The notation, if there is a choice. */
  readonly form: 'short' | 'object' | 'list';
}

/** A state and its children. */
export interface Shape {
  readonly children: readonly Shape[];
  /** The index of its initial child. */
  readonly initial: number;
  readonly rules: readonly Rule[];
  readonly tags: readonly string[];
  /** Only for outermost states without children, as tables require. */
  readonly isFinal: boolean;
}

const rule: fc.Arbitrary<Rule> = fc.record({
  event: fc.constantFrom(...CHART_EVENTS),
  kind: fc.constantFrom('go', 'go', 'go', 'go again', 'stay', 'forbid', 'forbid by undefined'),
  target: fc.nat(20),
  assigns: fc.array(fc.constantFrom('count', 'last', 'named'), { maxLength: 2 }),
  form: fc.constantFrom('short', 'object', 'list'),
});

function shape(depth: number): fc.Arbitrary<Shape> {
  return fc.record({
    children: depth === 0 ? fc.constant([]) : fc.array(shape(depth - 1), { maxLength: 3 }),
    initial: fc.nat(2),
    rules: fc.uniqueArray(rule, { maxLength: 3, selector: ({ event }) => event }),
    tags: fc.subarray(['a', 'b']),
    isFinal: fc.constantFrom(false, false, true),
  });
}

/** A chart with at least one state. */
export const chart: fc.Arbitrary<Shape> = shape(3).filter(({ children }) => children.length > 0);

/** The loose type of a machine config. */
export interface Config {
  [key: string]: unknown;
  states?: Record<string, Config>;
  on?: Record<string, unknown>;
}

/** The chart as a config of xstate. */
export function configOf(root: Shape): Config {
  const ids = idsOf(root, 'chart');
  const config = stateConfig(root, 'chart', ids, 0);
  return { ...config, id: 'chart', context: ({ input }: { input: object }) => ({ ...input }) };
}

/** The ids of all states but the root, from the outside in. */
function idsOf({ children }: Shape, id: string): string[] {
  return children.flatMap((child, place) => {
    const childId = `${id}.s${place}`;
    return [childId, ...idsOf(child, childId)];
  });
}

function stateConfig(each: Shape, id: string, ids: readonly string[], depth: number): Config {
  const { children, initial, rules, tags } = each;
  const on = Object.fromEntries(rules.map((one) => [one.event, transition(one, ids)]));
  if (children.length === 0) {
    return each.isFinal && depth === 1
      ? { type: 'final', tags: [...tags] }
      : { tags: [...tags], on };
  }
  const states = children.map((child, place) => [
    `s${place}`,
    stateConfig(child, `${id}.s${place}`, ids, depth + 1),
  ]);
  return {
    tags: [...tags],
    on,
    initial: `s${initial % children.length}`,
    states: Object.fromEntries(states) as Record<string, Config>,
  };
}

function transition({ kind, target, assigns, form }: Rule, ids: readonly string[]): unknown {
  if (kind === 'forbid by undefined') return undefined;
  if (kind === 'forbid') return {};
  const actions = assigns.map((name) => ASSIGNMENTS[name]);
  // A transition without target and actions would forbid the event.
  if (kind === 'stay') return { actions: actions.length > 0 ? actions : ASSIGNMENTS.count };
  const to = `#${ids[target % ids.length]}`;
  if (form === 'short' && actions.length === 0 && kind === 'go') return to;
  const object = { target: to, actions, ...(kind === 'go again' ? { reenter: true } : {}) };
  return form === 'list' ? [object] : object;
}

const count = assign(({ context }) => ({ count: (context['count'] as number) + 1 }));
const last = assign({
  last: ({ event, context }) => [event, context['count']],
  fixed: 'text',
});

const ASSIGNMENTS = { count, last, named: 'named' } as const;

export function machineOf(config: Config): AnyStateMachine {
  const named = assign(({ context }) => ({ named: JSON.stringify(context).length }));
  const machine = setup({ actions: { named: named as never } }).createMachine(config as never);
  return machine as unknown as AnyStateMachine;
}
