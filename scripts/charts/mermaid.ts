/** A chart as text that mermaid draws. */

import type { Chart, Region } from './chart.ts';

export function mermaidOf({ region }: Chart): string {
  return ['stateDiagram-v2', ...linesOf(region).map((line) => `  ${line}`)].join('\n');
}

function linesOf({ initial, states, transitions }: Region): string[] {
  return [
    `[*] --> ${initial}`,
    ...states.flatMap(({ name, inside }) =>
      inside === undefined
        ? []
        : [`state ${name} {`, ...linesOf(inside).map((line) => `  ${line}`), '}'],
    ),
    ...states.flatMap(({ name, internal }) =>
      internal.map((event) => `${name} --> ${name}: ${event}`),
    ),
    ...transitions.flatMap(({ from, to, events }) =>
      events.map((event) => `${from} --> ${to}: ${event}`),
    ),
    ...states.filter(({ isFinal }) => isFinal).map(({ name }) => `${name} --> [*]`),
  ];
}
