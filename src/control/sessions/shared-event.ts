/** Events as text, made once for all who watch. */

import type { PoolEvent } from '../../index.ts';

/** The same function, which works once for an event: watchers get it one right after the other. */
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
