/** Distributes the ends of arcs along the sides of boxes, in the order of their other ends. */

import type { Cell } from './layers.ts';
import { spread } from './spread.ts';

type Side = 'in' | 'out';

/** One end of an arc at a box. */
export interface End {
  readonly cell: Cell;
  readonly side: Side;
  /** The extent along the side, with its label. */
  readonly extent: number;
  /** The position of the line within that extent. */
  readonly line: number;
  /** The position of the other end; ends are sorted by it. */
  goal: number;
  /** A required position, relative to the start of the box: opposite of a nested box. */
  readonly fixed: number | undefined;
}

const CORNER = 8;

/** The length that a side needs for its ends. */
export function sideFor(ends: readonly End[]): number {
  const long = (side: Side): number =>
    ends.reduce((sum, end) => (end.side === side ? sum + end.extent : sum), 0);
  return Math.max(long('in'), long('out')) + CORNER;
}

/** The position of each end across the columns. */
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

/** The middles of the ends of a side: each at its required position, or else in order. */
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
  // Keeps all ends within the side: there is enough room, since the box has grown if necessary.
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
