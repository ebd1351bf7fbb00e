/** How many forms of a region are tried depends on how much each costs. */

import { expect, test } from 'vitest';
import { columnsToTry } from '../../../src/charts/columns.ts';
import { seeded } from '../../support/page/harbour.ts';

/** States that lead to two others each, whichever. */
function random(numStates: number) {
  const next = seeded(3);
  const ids = Array.from({ length: numStates }, (_, n) => `s${n}`);
  const arcs = [...ids, ...ids].map((from) => ({
    from,
    to: ids[Math.floor(next() * numStates)] as string,
  }));
  return columnsToTry(ids, arcs, 's0');
}

const width = (columns: ReadonlyMap<string, number>) => Math.max(...columns.values()) + 1;

test('all forms of a chart of sixty states are tried', () => {
  expect(random(60).map(width)).toEqual([16, 8, 4]);
});

test('of hundreds of states only those that are laid out quickly, and at least one', () => {
  expect(random(240).length).toBeLessThan(3);
  expect(random(1000).map(width)).toEqual([16]);
});

test('a region without states has one form', () => {
  expect(columnsToTry([], [], undefined).length).toBeLessThanOrEqual(1);
});
