/** Where arcs meet the sides of boxes: spread along the side, in the order of where they go. */

import type { Cell } from './layers.ts';

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
      const total = side.reduce((sum, { extent }) => sum + extent, 0);
      let at = cell.at - total / 2;
      for (const end of side.sort((a, b) => a.goal - b.goal)) {
        ports.set(
          end,
          end.fixed === undefined ? at + end.line : cell.at - cell.size / 2 + end.fixed,
        );
        at += end.extent;
      }
    }
  }
  return ports;
}
