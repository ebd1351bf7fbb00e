/** Selects bars with the arrow keys. */

import type { Bars } from '../data/bars.ts';
import type { Model } from '../data/model.ts';
import { barAt, barsOf } from './hit.ts';

/**
 * @returns whether it was an arrow key.
 */
export function moveBetweenBars(key: string, model: Model, bars: Bars): boolean {
  if (!key.startsWith('Arrow')) return false;
  const id = model.task.value;
  const current = id === undefined ? undefined : barsOf(bars, id)[0];
  const next = current === undefined ? bars.next - 1 : neighbour(key, bars, current, model.now());
  if (next !== undefined && next >= bars.first) model.select(bars.id[bars.place(next)]);
  return true;
}

function neighbour(key: string, bars: Bars, bar: number, now: number): number | undefined {
  const place = bars.place(bar);
  const lane = bars.lane[place] as number;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const other = lane + (key === 'ArrowUp' ? -1 : 1);
    const middle = ((bars.start[place] as number) + Math.min(now, bars.end[place] as number)) / 2;
    return barAt(bars, [other, other], middle, Number.POSITIVE_INFINITY, now);
  }
  const step = key === 'ArrowLeft' ? -1 : 1;
  for (let each = bar + step; each >= bars.first && each < bars.next; each += step) {
    if (bars.lane[bars.place(each)] === lane) return each;
  }
  return undefined;
}
