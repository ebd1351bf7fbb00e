/** Shares the text of an event between watchers. */

import type { PoolEvent } from '../../index.ts';

/** Caches the text of the last event, since all watchers get an event one after the other. */
export function forAll(format: (event: PoolEvent) => string): (event: PoolEvent) => string {
  let lastEvent: PoolEvent | undefined;
  let lastText = '';
  return (event) => {
    if (event !== lastEvent) {
      lastEvent = event;
      lastText = format(event);
    }
    return lastText;
  };
}
