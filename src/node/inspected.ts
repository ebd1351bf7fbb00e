/** Any value as the text that `console` prints. */

import { inspect } from 'node:util';

/** Never throws, whatever the value makes of being looked at. */
export function inspected(value: unknown): string {
  try {
    return inspect(value);
  } catch {
    return `[${typeof value} that cannot be read]`;
  }
}
