/** Which colour a bar has: by its outcome, or by its group. */

import { type Bars, Kind } from '../data/bars.ts';

export type Coloring = 'outcome' | 'group';

const SHADES = ['done-1', 'done-2', 'done-3'] as const;
const OUTCOMES: Readonly<Record<number, string>> = {
  [Kind.rejected]: 'rejected',
  [Kind.cancelled]: 'cancelled',
  [Kind.failed]: 'delayed',
  [Kind.interrupted]: 'queued',
};
/** The number of group colours: distinct hues, as muted as those of outcomes. */
const GROUP_COLORS = 12;

/** The name of a bar's colour. */
export function colorOf(bars: Bars, place: number, coloring: Coloring): string {
  const kind = bars.kind[place] as number;
  if (kind !== Kind.fulfilled) return OUTCOMES[kind] ?? 'queued';
  if (coloring === 'group') return groupColorOf(bars, place);
  return SHADES[(bars.id[place] as number) % SHADES.length] ?? SHADES[0];
}

/** The name of the colour of a bar's group. */
export function groupColorOf({ group }: Bars, place: number): string {
  return `group-${groupColor(group[place] as number)}`;
}

/** The number of a group's colour. */
export function groupColor(group: number): number {
  return group % GROUP_COLORS;
}
