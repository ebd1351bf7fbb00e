/** Proposes arrangements of a region's states in columns. */

import { type Arc, folded, ranksOf } from './ranks.ts';

/** The column of each state, from 0, by its id. */
export type Columns = ReadonlyMap<string, number>;

/**
 * The budget for comparing arrangements, in segments of arcs between two columns, about 30 µs each. For a chart with
 * hundreds of states only few are compared.
 */
const MOST_PARTS = 4000;

/** The arrangements to compare, the plain one first, as many as the budget allows. */
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

/** The number of segments: an arc has one between each two columns that it passes. */
function numParts(columns: Columns, arcs: readonly Arc[]): number {
  return arcs.reduce(
    (sum, { from, to }) => sum + 1 + Math.abs((columns.get(from) ?? 0) - (columns.get(to) ?? 0)),
    0,
  );
}

/** The numbers of columns to try: the number of ranks, or fewer, until the region is as tall as wide. */
function numbersOfColumns(numBoxes: number, numRanks: number): number[] {
  const root = Math.ceil(Math.sqrt(numBoxes));
  const fewer = [2 * root, root, Math.ceil(root / 2)].filter(
    (columns) => columns >= 2 && columns < numRanks,
  );
  // An even longer region would be the worst arrangement.
  return numRanks > 3 * root ? fewer : [numRanks, ...fewer];
}
