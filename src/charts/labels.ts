/** The labels of events next to the arcs of a chart. */

import type { ChartEvent } from './chart.ts';

const AFTER = /^xstate\.after\.(.+?)\.(?=[^.])/;
const OUTCOME = /^xstate\.(done|error|snapshot)\.(actor|state)\.(.+)$/;

/** The label of an event for people: `after 1 s`, `done: fetch`, `always`. */
export function labelOf({ type, guard }: ChartEvent): string {
  return guard === undefined ? eventLabel(type) : `${eventLabel(type)} [${guard}]`;
}

function eventLabel(type: string): string {
  if (type === '') return 'always';
  if (type === '*') return 'any event';
  const after = AFTER.exec(type)?.[1];
  if (after !== undefined)
    return `after ${/^\d+$/.test(after) ? delayLabel(Number(after)) : after}`;
  const [, outcome, , of = ''] = OUTCOME.exec(type) ?? [];
  // An invocation without its own id is named after its state: `0.machine.state`.
  return outcome === undefined ? type : `${outcome}: ${of.replace(/^\d+\./, '')}`;
}

const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A delay in the largest unit in which it is short and exact: `1.5 s`, `2 h`, `1234567 ms`. */
function delayLabel(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size && Number.isInteger((10 * ms) / size));
  return unit === undefined ? `${ms} ms` : `${ms / unit[0]} ${unit[1]}`;
}
