/** In which columns the states of a region may stand. */

import { type Arc, folded, ranksOf } from './ranks.ts';

/** By the id of a state: its column, from 0. */
export type Columns = ReadonlyMap<string, number>;

/**
 * How much is laid out to find the best form, in parts of arcs between two columns: some thirty
 * microseconds each. A chart of hundreds of states is laid out in one form, or in few.
 */
const MOST_PARTS = 4000;

/** Several forms to choose from, the plain one first: as many as may be tried in a short time. */
export function columnsToTry(
  ids: readonly string[],
  arcs: readonly Arc[],
  first: string | undefined,
): readonly Columns[] {
  const ranks = ranksOf(ids, arcs, first);
  const numRanks = ranks.size === 0 ? 0 : [...ranks.values()].reduce((a, b) => Math.max(a, b)) + 1;
  const forms = numbersOfColumns(ids.length, numRanks).map((number) => folded(ranks, number));
  const costs = new Map(forms.map((form) => [form, numParts(form, arcs)]));
  const affordable = new Set<Columns>();
  let left = MOST_PARTS;
  for (const form of [...forms].sort((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0))) {
    left -= costs.get(form) ?? 0;
    if (left >= 0 || affordable.size === 0) affordable.add(form);
  }
  return forms.filter((form) => affordable.has(form));
}

/** An arc has a part between any two columns that it passes. */
function numParts(columns: Columns, arcs: readonly Arc[]): number {
  return arcs.reduce(
    (sum, { from, to }) => sum + 1 + Math.abs((columns.get(from) ?? 0) - (columns.get(to) ?? 0)),
    0,
  );
}

/** As many as there are ranks, or fewer, until the region is as tall as wide. */
function numbersOfColumns(numBoxes: number, numRanks: number): number[] {
  const root = Math.ceil(Math.sqrt(numBoxes));
  const fewer = [2 * root, root, Math.ceil(root / 2)].filter(
    (columns) => columns >= 2 && columns < numRanks,
  );
  // What is longer still would be the worst of them.
  return numRanks > 3 * root ? fewer : [numRanks, ...fewer];
}
