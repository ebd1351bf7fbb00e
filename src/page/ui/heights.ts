/** How tall bars are side by side, from 0 to 1, so that a few large ones do not make all others vanish. */

/** What is larger than so many times the median is not drawn taller. */
const MOST = 6;

/** The tallest are 1, and half of the bars are about a third of that, or taller. */
export function heights(values: readonly number[]): number[] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 1;
  const most = Math.min(MOST, (sorted.at(-1) ?? 1) / median);
  return values.map((value) => Math.log1p(Math.min(most, value / median)) / Math.log1p(most));
}
