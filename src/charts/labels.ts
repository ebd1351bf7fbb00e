/** What events are called beside the arcs of a chart. */

import type { ChartEvent } from './chart.ts';

const AFTER = /^xstate\.after\.(.+?)\.(?=[^.])/;
const OUTCOME = /^xstate\.(done|error|snapshot)\.(actor|state)\.(.+)$/;

/** An event as people say it: `after 1000 ms`, `done: fetch`, `always`. */
export function labelOf({ type, guard }: ChartEvent): string {
  return guard === undefined ? eventLabel(type) : `${eventLabel(type)} [${guard}]`;
}

function eventLabel(type: string): string {
  if (type === '') return 'always';
  if (type === '*') return 'any event';
  const after = AFTER.exec(type)?.[1];
  if (after !== undefined) return /^\d+$/.test(after) ? `after ${after} ms` : `after ${after}`;
  const [, outcome, , of = ''] = OUTCOME.exec(type) ?? [];
  // An invocation without an id of its own is named after its state: `0.machine.state`.
  return outcome === undefined ? type : `${outcome}: ${of.replace(/^\d+\./, '')}`;
}
