/** Lanes beside a column of states, for the transitions that cannot go straight down. */

import type { Transition } from './chart.ts';

export type Side = 'left' | 'right';

export interface Lane {
  readonly transition: Transition;
  readonly side: Side;
  /** How many lanes lie between this one and the column. */
  readonly depth: number;
  /** The rows at its ends: where the transition comes from and where it goes. */
  readonly from: number;
  readonly to: number;
}

/** Forward to the right and back to the left, unless that makes two lanes cross. */
export function lanesOf(
  transitions: readonly Transition[],
  rowOf: (name: string) => number,
): Lane[] {
  const lanes: Lane[] = [];
  const byLength = transitions
    .map((transition) => ({
      transition,
      from: rowOf(transition.from),
      to: rowOf(transition.to),
    }))
    .sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from));
  for (const span of byLength) {
    const preferred: Side = span.to > span.from ? 'right' : 'left';
    const other: Side = preferred === 'right' ? 'left' : 'right';
    const crosses = lanes.some((lane) => lane.side === preferred && doCross(lane, span));
    const side = crosses ? other : preferred;
    const inner = lanes.filter((lane) => lane.side === side && doOverlap(lane, span));
    const depth = Math.max(-1, ...inner.map((lane) => lane.depth)) + 1;
    lanes.push({ ...span, side, depth });
  }
  return lanes;
}

/** How far down the side of a box an end of a lane is, from 0 to 1: what comes from above, above. */
export function portOf(lanes: readonly Lane[], lane: Lane, end: 'from' | 'to'): number {
  const row = lane[end];
  const ends = lanes
    .filter(({ side }) => side === lane.side)
    .flatMap((each) => [
      { each, at: each.from, other: each.to, is: 'from' },
      { each, at: each.to, other: each.from, is: 'to' },
    ])
    .filter(({ at }) => at === row)
    .sort((a, b) => a.other - b.other);
  const place = ends.findIndex(({ each, is }) => each === lane && is === end);
  return (place + 1) / (ends.length + 1);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function doOverlap(a: Span, b: Span): boolean {
  const [a1, a2] = sorted(a);
  const [b1, b2] = sorted(b);
  return a1 < b2 && b1 < a2;
}

function doCross(a: Span, b: Span): boolean {
  const [a1, a2] = sorted(a);
  const [b1, b2] = sorted(b);
  return (a1 < b1 && b1 < a2 && a2 < b2) || (b1 < a1 && a1 < b2 && b2 < a2);
}

function sorted({ from, to }: Span): [number, number] {
  return [Math.min(from, to), Math.max(from, to)];
}
