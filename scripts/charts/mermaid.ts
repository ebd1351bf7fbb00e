/** Renders a chart in the syntax of mermaid. */

import type { Chart, ChartState } from '../../src/charts/chart.ts';

export function mermaidOf(chart: Chart): string {
  return ['stateDiagram-v2', ...linesOf(chart.root, chart).map((line) => `  ${line}`)].join('\n');
}

function linesOf({ initial, states }: ChartState, chart: Chart): string[] {
  const names = new Map(states.map(({ id, name }) => [id, name]));
  const transitions = states.flatMap((state) =>
    chart.transitions.filter(({ from }) => from === state.id),
  );
  return [
    `[*] --> ${names.get(initial ?? '')}`,
    ...states
      .filter((state) => state.states.length > 0)
      .flatMap((state) => [
        `state ${state.name} {`,
        ...linesOf(state, chart).map((line) => `  ${line}`),
        '}',
      ]),
    ...states.flatMap(({ name, internal }) =>
      internal.map(({ type }) => `${name} --> ${name}: ${type}`),
    ),
    ...transitions.flatMap(({ from, to, events }) =>
      events.map(({ type }) => `${names.get(from)} --> ${names.get(to)}: ${type}`),
    ),
    ...states.filter(({ kind }) => kind === 'final').map(({ name }) => `${name} --> [*]`),
  ];
}
