/** Determines the active states of a chart, and the transitions between two states of the machine. */

import { type Ancestry, ancestryOf } from '../../../charts/ancestry.ts';
import {
  type Chart,
  type ChartEvent,
  type ChartState,
  type ChartTransition,
  statesOf,
} from '../../../charts/chart.ts';

type Ids = ReadonlySet<string>;

/** The ids of the active states for a state value, including the root. */
export function activeStates({ root }: Chart, value: unknown): Ids {
  const active = new Set<string>();
  if (value !== undefined) activate(root, value, active);
  return active;
}

function activate(state: ChartState, value: unknown, active: Set<string>): void {
  active.add(state.id);
  const inside =
    typeof value === 'string' ? { [value]: undefined } : ((value ?? {}) as Record<string, unknown>);
  for (const child of state.states) {
    if (Object.hasOwn(inside, child.name)) activate(child, inside[child.name], active);
  }
}

/** A change of active states, with the type of the event. */
export interface Step {
  readonly before: Ids;
  readonly after: Ids;
  readonly type: string | undefined;
}

/**
 * The transitions that an event has caused. Programs send only the active states after an event: transitions by
 * raised events, and transitions without an event, are inferred from the changes.
 */
export function takenTransitions(chart: Chart, step: Step): ReadonlySet<ChartTransition> {
  const places = new Places(chart);
  const from = chart.transitions.filter((transition) => step.before.has(transition.from));
  const taken = new Set(places.byEvent(from, step));
  for (const transition of places.besides(from, step, taken)) taken.add(transition);
  return taken;
}

/** The maximum number of consecutive transitions without an event. */
const LONGEST_CHAIN = 10;

class Places {
  readonly #states: ReadonlyMap<string, ChartState>;
  readonly #ancestry: Ancestry;
  readonly #always: readonly ChartTransition[];

  constructor(chart: Chart) {
    const states = statesOf(chart);
    this.#states = new Map(states.map((state) => [state.id, state]));
    this.#ancestry = ancestryOf(states);
    this.#always = chart.transitions.filter(({ events }) => events.some(({ type }) => type === ''));
  }

  /**
   * Transitions that match the event by name, or else by a wildcard, with the transitions without an event that
   * followed.
   */
  byEvent(from: readonly ChartTransition[], step: Step): readonly ChartTransition[] {
    const named = from.filter(({ events }) => events.some(({ type }) => type === step.type));
    const chains = this.#chains(named, step.after);
    if (chains.length > 0) return chains;
    // Wildcards match events without their own transition; transitions without an event may also have been taken.
    const others = from.filter(({ events }) => events.some(({ type }) => matches(type, step.type)));
    return this.#chains(others, step.after);
  }

  /** Transitions that uniquely explain the remaining changes, caused by raised events. */
  besides(
    from: readonly ChartTransition[],
    { before, after }: Step,
    taken: ReadonlySet<ChartTransition>,
  ): readonly ChartTransition[] {
    const explained = new Set(Array.from(taken, (each) => each.from));
    return [...before].flatMap((left) => {
      const path = this.#ancestry.pathOf(left);
      const parent = path.at(-2);
      // If the parent was left, only that needs an explanation.
      if (after.has(left) || parent === undefined || !after.has(parent)) return [];
      if (path.some((id) => explained.has(id)) || this.#leaves(left, explained)) return [];
      const possible = from.filter((each) => each.from === left && this.#isIn(each.to, after));
      return possible.length === 1 ? possible : [];
    });
  }

  /** Whether any of the ids is within a state. */
  #leaves(state: string, ids: Ids): boolean {
    return [...ids].some((id) => this.#ancestry.pathOf(id).includes(state));
  }

  #chains(starts: readonly ChartTransition[], after: Ids): readonly ChartTransition[] {
    const arrived = starts.filter(({ to }) => this.#isIn(to, after));
    if (arrived.length > 0) return arrived;
    return starts.flatMap((start) => {
      const rest = this.#onwards(start.to, after, LONGEST_CHAIN);
      return rest === undefined ? [] : [start, ...rest];
    });
  }

  /**
   * Transitions without an event from a state that was left immediately to an active one; undefined if there are
   * none.
   */
  #onwards(from: string, after: Ids, left: number): readonly ChartTransition[] | undefined {
    if (left === 0) return undefined;
    const entered = this.#entered(from);
    for (const next of this.#always) {
      if (!entered.has(next.from)) continue;
      if (this.#isIn(next.to, after)) return [next];
      const rest = this.#onwards(next.to, after, left - 1);
      if (rest !== undefined) return [next, ...rest];
    }
    return undefined;
  }

  /** A state with the descendants that are entered with it. */
  #entered(id: string): Ids {
    const entered = new Set([id]);
    for (const each of entered) {
      const state = this.#states.get(each);
      if (state?.initial !== undefined) entered.add(state.initial);
      if (state?.kind === 'parallel') for (const child of state.states) entered.add(child.id);
    }
    return entered;
  }

  /** Whether a state is active; for a history state, whether its parent is. */
  #isIn(id: string, after: Ids): boolean {
    if (this.#states.get(id)?.kind !== 'history') return after.has(id);
    const parent = this.#ancestry.pathOf(id).at(-2);
    return parent !== undefined && after.has(parent);
  }
}

/** An event that a state has handled without being left. */
export interface Answered {
  readonly state: string;
  readonly event: ChartEvent;
}

/** The event handled by the innermost state that knows it; undefined if that is ambiguous. */
export function answeredWithin(chart: Chart, { before, after, type }: Step): Answered | undefined {
  const stayed = statesOf(chart).filter(({ id }) => before.has(id) && after.has(id));
  const possible = stayed
    .flatMap(({ id, internal }) => internal.map((event) => ({ state: id, event })))
    .filter(({ event }) => event.type === type);
  const innermost = possible.at(-1)?.state;
  const certain = possible.filter(({ state }) => state === innermost);
  return certain.length === 1 ? certain[0] : undefined;
}

function matches(pattern: string, type = ''): boolean {
  if (pattern === '' || pattern === '*') return true;
  return pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1));
}
