/** Formats any value as `console` does. */

import { inspect } from 'node:util';

/** Never throws, even if inspecting the value does. */
export function inspected(value: unknown): string {
  try {
    return inspect(value);
  } catch {
    return `[${typeof value} that cannot be read]`;
  }
}
