/** A drawable model of an xstate machine, read from its definition: the object or its JSON. */

import { nameOf } from './names.ts';

type StateKind = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';

export interface ChartState {
  /** Unique in the chart: `task.running.active`. */
  readonly id: string;
  readonly name: string;
  readonly kind: StateKind;
  /** For a history state: whether it is deep. */
  readonly isDeep: boolean;
  /** The id of the initial child state; undefined in an atomic or parallel state. */
  readonly initial: string | undefined;
  /** Events handled without leaving the state. */
  readonly internal: readonly ChartEvent[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invoke: readonly string[];
  /** The child states, in the order of the machine. */
  readonly states: readonly ChartState[];
}

/** An event that triggers a transition. */
export interface ChartEvent {
  readonly type: string;
  readonly guard: string | undefined;
}

/** The events that lead from one state to another, or from a state to itself. */
export interface ChartTransition {
  readonly from: string;
  readonly to: string;
  readonly events: readonly ChartEvent[];
}

export interface Chart {
  readonly name: string;
  readonly root: ChartState;
  readonly transitions: readonly ChartTransition[];
}

/** The part of `machine.definition` that is read. Everything may be missing. */
interface Definition {
  readonly id?: string;
  readonly key?: string;
  readonly type?: string;
  readonly history?: unknown;
  readonly initial?: { readonly target?: readonly unknown[] } | undefined;
  readonly states?: Readonly<Record<string, unknown>>;
  readonly transitions?: readonly unknown[];
  readonly entry?: readonly unknown[];
  readonly exit?: readonly unknown[];
  readonly invoke?: readonly unknown[];
}

interface DefinedTransition {
  readonly target?: readonly unknown[];
  readonly actions?: readonly unknown[];
  readonly guard?: unknown;
  readonly eventType?: string;
}

/**
 * Reads the definition of any xstate 5 machine: `machine.definition`, or its JSON.
 *
 * @throws TypeError if it is not an object.
 */
export function readChart(definition: unknown): Chart {
  if (typeof definition !== 'object' || definition === null) {
    throw new TypeError(`expected the definition of a machine, got ${typeof definition}`);
  }
  const transitions: ChartTransition[] = [];
  const root = readState(definition, '', transitions);
  return { name: root.name, root, transitions };
}

/** All states of a chart, each before its children; the root is first. */
export function statesOf(chart: Chart): ChartState[] {
  const all: ChartState[] = [];
  const add = (state: ChartState): void => {
    all.push(state);
    state.states.forEach(add);
  };
  add(chart.root);
  return all;
}

function readState(given: unknown, name: string, transitions: ChartTransition[]): ChartState {
  const node = given as Definition;
  const id = node.id ?? name;
  const { internal, outgoing } = readTransitions(node, id);
  transitions.push(...outgoing);
  const inside = Object.entries(node.states ?? {});
  return {
    id,
    name: name || id,
    kind: kindOf(node, inside.length > 0),
    isDeep: node.history === 'deep',
    initial: node.type === 'parallel' ? undefined : idOf(node.initial?.target?.[0]),
    internal,
    entry: namesOf(node.entry),
    exit: namesOf(node.exit),
    invoke: namesOf(node.invoke),
    states: inside.map(([key, state]) => readState(state, key, transitions)),
  };
}

function kindOf({ type, history }: Definition, hasInside: boolean): StateKind {
  if (type === 'final' || type === 'parallel' || type === 'history') return type;
  if (history === 'shallow' || history === 'deep') return 'history';
  return hasInside ? 'compound' : 'atomic';
}

function readTransitions(
  { transitions = [] }: Definition,
  from: string,
): { internal: ChartEvent[]; outgoing: ChartTransition[] } {
  const internal: ChartEvent[] = [];
  const byTarget = new Map<string, ChartEvent[]>();
  for (const given of transitions) {
    const { target, actions = [], guard, eventType } = given as DefinedTransition;
    const event = { type: eventType ?? '', guard: nameOf(guard) };
    const targets = target?.map(idOf).filter((id) => id !== undefined) ?? [];
    // Without a target and an action, the event is forbidden.
    if (targets.length === 0 && actions.length > 0) internal.push(event);
    for (const to of targets) byTarget.set(to, [...(byTarget.get(to) ?? []), event]);
  }
  const outgoing = Array.from(byTarget, ([to, events]) => ({ from, to, events }));
  return { internal, outgoing };
}

/** A target is a state, or in JSON `#` and its id. */
function idOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target.replace(/^#/, '');
  if (typeof target !== 'object' || target === null) return undefined;
  return (target as Definition).id;
}

/** The names of actions, without those that xstate adds itself for timers. */
function namesOf(things: readonly unknown[] = []): string[] {
  return things
    .map(nameOf)
    .filter((name) => name !== undefined && !name.startsWith('xstate.')) as string[];
}
