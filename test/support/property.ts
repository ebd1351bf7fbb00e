/** Property tests. */

import fc from 'fast-check';
import { test } from 'vitest';

/** Creates a test with values from arbitraries: `property([a, b], runs(100))('holds', (a, b) => …)`. */
export function property<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  parameters: fc.Parameters<T>,
) {
  return (name: string, holds: (...values: T) => void | Promise<void>): void => {
    const always = fc.asyncProperty<T>(...arbitraries, async (...values) => holds(...values));
    test(name, () => fc.assert(always, parameters));
  };
}

/** Any character except lone surrogates. */
const character = fc
  .oneof(
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));

/**
 * Texts of any characters. `fc.string({ unit: 'binary' })` creates a table of all characters, which takes a second
 * and slows down each later garbage collection.
 */
export const anyText = (constraints: Omit<fc.StringConstraints, 'unit'> = {}) =>
  fc.string({ ...constraints, unit: character });
