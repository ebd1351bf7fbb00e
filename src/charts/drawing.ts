/** A chart with the positions of all its parts. */

import type { ChartState, ChartTransition } from './chart.ts';
import type { Direction, Point, Sides } from './geometry.ts';
import { LINE, START } from './sizes.ts';

export interface PlacedState extends Point, Sides {
  readonly state: ChartState;
  /** 0 for states in the outermost region. */
  readonly depth: number;
}

export interface PlacedArc {
  readonly transition: ChartTransition;
  /** From the border of one state to the border of the other; each segment is horizontal or vertical. */
  readonly points: readonly Point[];
  /** The left end of the first line of its label, at half of its height. */
  readonly label: Point;
  /** The same for the first line below the arc. */
  readonly below: Point;
}

/** The entry of a region: a dot, and an arrow from it. */
export interface PlacedStart {
  /** The id of the state that is entered. */
  readonly of: string;
  readonly from: Point;
  readonly to: Point;
}

export interface Drawing extends Sides {
  /** Each state before its children. */
  readonly states: readonly PlacedState[];
  readonly arcs: readonly PlacedArc[];
  readonly starts: readonly PlacedStart[];
}

/** Drawn parts, relative to any origin. */
export type Shapes = Pick<Drawing, 'states' | 'arcs' | 'starts'>;

export const NOTHING: Shapes = { states: [], arcs: [], starts: [] };

/** The positions of an arc's lines of text, relative to the start of its label. */
export function labelAt(
  at: Point,
  numAbove: number,
  direction: Direction,
): Pick<PlacedArc, 'label' | 'below'> {
  const { x, y } = at;
  if (direction === 'right') {
    return { label: { x, y: y - 7 - (numAbove - 1) * LINE }, below: { x, y: y + 8 } };
  }
  const label = { x: x + 5, y: y + LINE / 2 };
  return { label, below: { x: label.x, y: label.y + numAbove * LINE } };
}

/** The dot and the arrow to the initial state. */
export function startOf(
  { state, x, y, width, height }: PlacedState,
  direction: Direction,
): PlacedStart {
  if (direction === 'right') {
    const level = y + Math.min(height, 24) / 2;
    return { of: state.id, from: { x: x - START + 4, y: level }, to: { x, y: level } };
  }
  const upright = x + Math.min(width / 2, 16);
  return { of: state.id, from: { x: upright, y: y - START + 4 }, to: { x: upright, y } };
}

/** Translates shapes. */
export function moved({ states, arcs, starts }: Shapes, x: number, y: number): Shapes {
  const by = <P extends Point>(point: P): P => ({ ...point, x: point.x + x, y: point.y + y });
  return {
    states: states.map(by),
    arcs: arcs.map((arc) => ({
      ...arc,
      points: arc.points.map(by),
      label: by(arc.label),
      below: by(arc.below),
    })),
    starts: starts.map(({ of, from, to }) => ({ of, from: by(from), to: by(to) })),
  };
}
