/** Converts events of older versions to the current one, so that old journals stay readable. */

import { EVENT_VERSION, type PoolEvent } from '../events/events.ts';
import { refuse } from '../kit/checks.ts';

/** An event of any version, with the fields of that version. */
type OldEvent = Readonly<Record<string, unknown>> & { readonly v: number };

const RECOVERED = { type: 'pool.recovered' };

/** By version: converts an event of this version to the next one. */
const UPCASTS = new Map<number, (event: OldEvent) => OldEvent>([
  // Version 2 only added event types and optional fields.
  [1, (event) => ({ ...event, v: 2 })],
  // Version 3 renamed `pool.resumed` to `pool.recovered`, since `pool.resumed` now ends a pause.
  [2, (event) => ({ ...event, v: 3, ...(event['type'] === 'pool.resumed' ? RECOVERED : {}) })],
]);

/**
 * Converts an event to the current version.
 *
 * @throws RangeError for an unknown version, TypeError if it is no event or has no time.
 */
export function upcast(event: PoolEvent): PoolEvent {
  if (typeof event !== 'object' || event === null) refuse('an event', event);
  // NaN compares false with everything, so that waiting for such a time would never end.
  if (!Number.isFinite(event.at)) refuse('at of an event to be a finite number', event.at);
  if (event.v === EVENT_VERSION) return event;
  let current: OldEvent = event as PoolEvent & OldEvent;
  while (current.v !== EVENT_VERSION) {
    const step = UPCASTS.get(current.v);
    if (step === undefined) {
      throw new RangeError(`expected an event of version 1 to ${EVENT_VERSION}, got ${event.v}`);
    }
    current = step(current);
  }
  return current as unknown as PoolEvent;
}
