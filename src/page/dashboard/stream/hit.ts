/** Finds the bar at a position in the stream. */

import type { Bars } from '../data/bars.ts';
import type { Span } from './view.ts';

/** The maximum number of bars searched; earlier ones are too thin to be pointed at. */
const MOST = 200_000;

/** The bar in some lanes nearest to a time, within a tolerance; undefined for none. */
export function barAt(
  bars: Bars,
  lanes: readonly [number, number],
  at: number,
  tolerance: number,
  until: number,
): number | undefined {
  let best: number | undefined;
  let nearest = tolerance;
  const look = (bar: number): void => {
    const place = bars.place(bar);
    const lane = bars.lane[place] as number;
    if (lane < lanes[0] || lane > lanes[1]) return;
    const start = bars.start[place] as number;
    if (start > until) return;
    const end = Math.min(until, bars.end[place] as number);
    const distance = Math.max(start - at, at - end, 0);
    if (distance > nearest || (distance === nearest && best !== undefined)) return;
    nearest = distance;
    best = bar;
  };
  for (const bar of bars.running.values()) look(bar);
  const oldest = Math.max(bars.first, bars.next - MOST);
  for (let bar = bars.next - 1; bar >= oldest; bar--) {
    if (!Number.isFinite(bars.end[bars.place(bar)])) continue;
    look(bar);
  }
  return best;
}

/** The bars of a task. */
export function barsOf(bars: Bars, id: number): number[] {
  const found: number[] = [];
  for (let bar = bars.next - 1; bar >= bars.first; bar--) {
    if (bars.id[bars.place(bar)] === id) found.push(bar);
  }
  return found;
}

export interface RangeSummary {
  readonly ended: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** The mean running time in milliseconds. */
  readonly mean: number;
}

/** Summarizes the attempts that ended within a span. */
export function summaryOf(bars: Bars, { from, to }: Span): RangeSummary {
  const summary = { ended: 0, rejected: 0, cancelled: 0, sum: 0 };
  for (let n = bars.numEnded - 1; n >= 0; n--) {
    const bar = bars.endedAt(n);
    if (bar === undefined) break;
    const place = bars.place(bar);
    const end = bars.end[place] as number;
    if (end < from) break;
    if (end > to) continue;
    summary.ended++;
    summary.sum += end - (bars.start[place] as number);
    if (bars.kind[place] === 2) summary.rejected++;
    if (bars.kind[place] === 3) summary.cancelled++;
  }
  const { sum, ...rest } = summary;
  return { ...rest, mean: sum / Math.max(1, summary.ended) };
}
