/** Where arcs meet the sides of boxes: spread along the side, in the order of where they go. */

import type { Cell } from './layers.ts';
import { spread } from './spread.ts';

type Side = 'in' | 'out';

/** One end of an arc at a box. */
export interface End {
  readonly cell: Cell;
  readonly side: Side;
  /** How much of the side it takes, with its label. */
  readonly extent: number;
  /** Where in its extent the line is. */
  readonly line: number;
  /** Where the arc goes from here; ends are in this order. */
  goal: number;
  /** Where it has to be, from the beginning of the box: opposite of a box within the box. */
  readonly fixed: number | undefined;
}

const CORNER = 8;

/** How long a side must be for its ends. */
export function sideFor(ends: readonly End[]): number {
  const long = (side: Side): number =>
    ends.reduce((sum, end) => (end.side === side ? sum + end.extent : sum), 0);
  return Math.max(long('in'), long('out')) + CORNER;
}

/** Where each end is, across. */
export function portsOf(ends: readonly End[]): Map<End, number> {
  const ports = new Map<End, number>();
  const sides = new Map<Cell, { in: End[]; out: End[] }>();
  for (const end of ends) {
    const both = sides.get(end.cell) ?? { in: [], out: [] };
    both[end.side].push(end);
    sides.set(end.cell, both);
  }
  for (const [cell, both] of sides) {
    for (const side of [both.in, both.out]) {
      side.sort((a, b) => a.goal - b.goal);
      placesOf(cell, side).forEach((at, place) => {
        const end = side[place] as End;
        ports.set(end, at - end.extent / 2 + end.line);
      });
    }
  }
  return ports;
}

/** The middles of the ends of a side: each opposite of what it means, or else where its turn is. */
function placesOf({ at, size }: Cell, side: readonly End[]): number[] {
  const total = side.reduce((sum, { extent }) => sum + extent, 0);
  let next = at - total / 2;
  const wishes = side.map(({ extent, line, fixed }) => {
    const even = next + extent / 2;
    next += extent;
    return {
      at: fixed === undefined ? even : at - size / 2 + fixed + extent / 2 - line,
      size: extent,
    };
  });
  const middles = spread(wishes, () => 0);
  // None leaves the side: there is room for all, or the box had grown.
  let least = at - size / 2;
  middles.forEach((middle, place) => {
    const half = (side[place] as End).extent / 2;
    middles[place] = Math.max(middle, least + half);
    least = (middles[place] as number) + half;
  });
  let most = at + size / 2;
  for (let place = middles.length - 1; place >= 0; place--) {
    const half = (side[place] as End).extent / 2;
    middles[place] = Math.min(middles[place] as number, most - half);
    most = (middles[place] as number) - half;
  }
  return middles;
}
