/** A chart as nested regions, as the pictures in the documentation draw it. */

import {
  type ChartState,
  type ChartTransition,
  type Chart as ReadChart,
  readChart,
} from '../../src/charts/chart.ts';

/** Events that lead from one state to another one beside it. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly events: readonly string[];
}

export interface State {
  readonly name: string;
  readonly isFinal: boolean;
  /** Events that happen without leaving the state. */
  readonly internal: readonly string[];
  /** The states inside and the transitions between them; none in a plain state. */
  readonly inside: Region | undefined;
}

/** States that are side by side, in the order in which the machine lists them. */
export interface Region {
  readonly initial: string;
  readonly states: readonly State[];
  readonly transitions: readonly Transition[];
}

export interface Chart {
  readonly name: string;
  readonly region: Region;
}

export function chartOf(machine: { readonly definition: unknown }): Chart {
  const chart = readChart(machine.definition);
  return { name: chart.name, region: regionOf(chart.root, chart) };
}

function regionOf({ id, initial, states }: ChartState, chart: ReadChart): Region {
  const first = states.find((state) => state.id === initial);
  if (first === undefined) throw new Error(`expected an initial state in '${id}', got none`);
  return {
    initial: first.name,
    states: states.map((state) => stateOf(state, chart)),
    transitions: states.flatMap((state) =>
      chart.transitions
        .filter(({ from }) => from === state.id)
        .map((transition) => transitionOf(transition, states)),
    ),
  };
}

function stateOf(state: ChartState, chart: ReadChart): State {
  return {
    name: state.name,
    isFinal: state.kind === 'final',
    internal: state.internal.map(({ type }) => type),
    inside: state.kind === 'compound' ? regionOf(state, chart) : undefined,
  };
}

function transitionOf(
  { from, to, events }: ChartTransition,
  states: readonly ChartState[],
): Transition {
  const nameOf = (id: string): string => {
    const state = states.find((each) => each.id === id);
    // Arrows through the border of a state would need another drawing, and no chart has any.
    if (state === undefined) throw new Error(`expected '${from}' to lead to a state beside it`);
    return state.name;
  };
  return { from: nameOf(from), to: nameOf(to), events: events.map(({ type }) => type) };
}
