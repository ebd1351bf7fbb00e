/** The sizes of boxes and labels. */

import type { ChartState, ChartTransition } from './chart.ts';
import type { Direction, Point, Sides } from './geometry.ts';
import { labelOf } from './labels.ts';
import type { Place } from './region.ts';
import { textWidth } from './text-width.ts';

/** The height of the part of a box that holds its name. */
export const HEADER = 30;
export const PADDING = 12;
/** The distance from the entry dot of a region to the state. */
export const START = 18;
/** The line height of small text. */
export const LINE = 12;

const LEAST_WIDTH = 64;
const HISTORY = 26;

export interface LayoutOptions {
  /** Width divided by height of the frame to fit. Default: 1.6. */
  readonly proportion?: number;
  /** The margin around the chart, in pixels. Default: 12. */
  readonly margin?: number;
  /** The lines next to an arc. Default: the names of its events. */
  readonly linesOf?: (transition: ChartTransition) => readonly string[];
  /** The number of lines, the last ones, that are below the arc if it is horizontal. Default: 0. */
  readonly linesBelow?: number;
  /** The font size of all texts but names, in pixels. Default: 10.5. */
  readonly textSize?: number;
  /** The size of the box of a state, or of the header of a state with children. Default: by its texts. */
  readonly sizeOf?: (state: ChartState) => Sides | undefined;
  /** The column of each child, by the id of the parent. Default: by the arcs. */
  readonly ranks?: Readonly<Record<string, ReadonlyMap<string, number>>>;
}

const NAME_SIZE = 12;
const SMALL_SIZE = 10.5;

/** Measured as bold, which names of active states and of parents are. */
function nameWidth({ name }: ChartState): number {
  return 1.1 * textWidth(name, NAME_SIZE);
}

function widthOf(lines: readonly string[], { textSize = SMALL_SIZE }: LayoutOptions): number {
  return Math.max(0, ...lines.map((line) => textWidth(line, textSize)));
}

/** The lines below the name of a state. */
export function linesOf({ internal, entry, exit, invoke }: ChartState): string[] {
  return [
    ...entry.map((name) => `entry / ${name}`),
    ...exit.map((name) => `exit / ${name}`),
    ...invoke.map((name) => `invoke / ${name}`),
    ...internal.map(labelOf),
  ];
}

export function boxSize(state: ChartState, options: LayoutOptions): Sides {
  const given = options.sizeOf?.(state);
  if (given !== undefined) return given;
  if (state.kind === 'history') return { width: HISTORY, height: HISTORY };
  const lines = linesOf(state);
  const text = Math.max(nameWidth(state), widthOf(lines, options));
  const height = HEADER + (lines.length === 0 ? 0 : lines.length * LINE + 6);
  return { width: Math.max(LEAST_WIDTH, text + 2 * PADDING), height };
}

/** The lines next to an arc. */
export function textOf(
  transition: ChartTransition,
  { linesOf: given }: LayoutOptions,
): readonly string[] {
  return given === undefined ? transition.events.map(labelOf) : given(transition);
}

/** The size of a label, along the columns and across. */
export function labelSize(
  transition: ChartTransition,
  options: LayoutOptions,
  direction: Direction,
): Place {
  const lines = textOf(transition, options);
  if (lines.length === 0) return { main: 0, cross: 0 };
  const width = widthOf(lines, options);
  const height = lines.length * LINE;
  return direction === 'right'
    ? { main: width, cross: height + 8 }
    : { main: height, cross: width + 12 };
}

/** The area of the header of a state with children. */
export function headerOf(
  { state, x, y, width }: Point & Sides & { readonly state: ChartState },
  options: LayoutOptions,
): Point & Sides {
  const lines = options.sizeOf === undefined ? linesOf(state) : [];
  const widest = Math.max(nameWidth(state), widthOf(lines, options));
  return {
    x: x + PADDING / 2,
    y: y + 6,
    width: Math.min(width - PADDING, widest + PADDING / 2),
    height: 18 + (lines.length === 0 ? 0 : lines.length * LINE + 6),
  };
}

/** The area of lines of text that start at a point. */
export function labelRect(
  at: Point,
  lines: readonly string[],
  options: LayoutOptions,
): Point & Sides {
  const width = widthOf(lines, options);
  return { x: at.x - 2, y: at.y - LINE / 2, width: width + 4, height: lines.length * LINE };
}
