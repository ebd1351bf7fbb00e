/** The heights of bars, from 0 to 1, such that a few large values do not hide all others. */

/** Values above this multiple of the median are not drawn taller. */
const MOST = 6;

/** The largest values get 1, and half of the bars at least about a third. */
export function heights(values: readonly number[]): number[] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 1;
  const most = Math.min(MOST, (sorted.at(-1) ?? 1) / median);
  return values.map((value) => Math.log1p(Math.min(most, value / median)) / Math.log1p(most));
}
