/** Parses events typed by the user: just a type, or JSON. */

import { type Chart, statesOf } from '../../../charts/chart.ts';

/** The event, or a message about the error in the text. */
export function readEvent(text: string): { readonly type: string } | string {
  const trimmed = text.trim();
  if (trimmed === '') return 'expected the type of an event';
  if (!trimmed.startsWith('{')) return { type: trimmed };
  try {
    const event = JSON.parse(trimmed) as { readonly type?: unknown };
    if (typeof event.type !== 'string' || event.type === '') return 'expected an event with a type';
    return event as { readonly type: string };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The types of events that active states handle, without internal ones. */
export function eventsFrom(chart: Chart, active: ReadonlySet<string>): string[] {
  const types = new Set<string>();
  for (const { id, internal } of statesOf(chart)) {
    if (active.has(id)) for (const { type } of internal) types.add(type);
  }
  for (const { from, events } of chart.transitions) {
    if (active.has(from)) for (const { type } of events) types.add(type);
  }
  return [...types].filter(
    (type) => type !== '' && !type.includes('*') && !type.startsWith('xstate.'),
  );
}
