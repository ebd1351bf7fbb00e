/** Events of older versions as those of the present one, so that old journals stay readable. */

import { EVENT_VERSION, type PoolEvent } from '../events/events.ts';
import { refuse } from '../kit/checks.ts';

/** An event of some version: its fields are those that it had in that one. */
type OldEvent = Readonly<Record<string, unknown>> & { readonly v: number };

const RECOVERED = { type: 'pool.recovered' };

/** By version: what makes an event of this version one of the next. */
const UPCASTS = new Map<number, (event: OldEvent) => OldEvent>([
  // 2 only added: types of events, and fields that need not be there.
  [1, (event) => ({ ...event, v: 2 })],
  // 3 renamed an event: what is recovered is not what was paused.
  [2, (event) => ({ ...event, v: 3, ...(event['type'] === 'pool.resumed' ? RECOVERED : {}) })],
]);

/**
 * The event as the present version says it.
 *
 * @throws RangeError if its version is not one of the known ones, TypeError if it is no event, or has no time.
 */
export function upcast(event: PoolEvent): PoolEvent {
  if (typeof event !== 'object' || event === null) refuse('an event', event);
  // Times that are none are equal to nothing, and would hold up whoever waits for them.
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
