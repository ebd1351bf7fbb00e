/** How large boxes and labels are. */

import type { ChartState, ChartTransition } from './chart.ts';
import type { Direction, Point, Sides } from './geometry.ts';
import { labelOf } from './labels.ts';
import type { Place } from './region.ts';
import { textWidth } from './text-width.ts';

/** How tall the part of a box is that holds its name. */
export const HEADER = 30;
export const PADDING = 12;
/** From the dot where a region is entered to the state. */
export const START = 18;
/** From one line of small text to the next. */
export const LINE = 12;

const LEAST_WIDTH = 64;
const HISTORY = 26;

export interface LayoutOptions {
  /** Width by height of the frame that it should fit. Default: 1.6. */
  readonly proportion?: number;
  /** Around everything. Default: 12. */
  readonly margin?: number;
  /** The lines beside an arc. Default: the names of its events. */
  readonly linesOf?: (transition: ChartTransition) => readonly string[];
  /** How many of them, the last ones, stand below it, where arcs are level. Default: 0. */
  readonly linesBelow?: number;
  /** The size of the box of a state, or of the header of one with states inside. */
  readonly sizeOf?: (state: ChartState) => Sides | undefined;
  /** By the id of a state: in which column each of its children stands. Default: by the arcs. */
  readonly ranks?: Readonly<Record<string, ReadonlyMap<string, number>>>;
}

const NAME_SIZE = 12;
const SMALL_SIZE = 10.5;

/** Names are bold where they are active, or have states inside. */
function nameWidth({ name }: ChartState): number {
  return 1.1 * textWidth(name, NAME_SIZE);
}

function widthOf(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => textWidth(line, SMALL_SIZE)));
}

/** What is written below the name of a state. */
export function linesOf({ internal, entry, exit, invoke }: ChartState): string[] {
  return [
    ...entry.map((name) => `entry / ${name}`),
    ...exit.map((name) => `exit / ${name}`),
    ...invoke.map((name) => `invoke / ${name}`),
    ...internal.map(labelOf),
  ];
}

export function boxSize(state: ChartState, { sizeOf }: LayoutOptions): Sides {
  const given = sizeOf?.(state);
  if (given !== undefined) return given;
  if (state.kind === 'history') return { width: HISTORY, height: HISTORY };
  const lines = linesOf(state);
  const text = Math.max(nameWidth(state), widthOf(lines));
  const height = HEADER + (lines.length === 0 ? 0 : lines.length * LINE + 6);
  return { width: Math.max(LEAST_WIDTH, text + 2 * PADDING), height };
}

/** What is written beside an arc. */
export function textOf(
  transition: ChartTransition,
  { linesOf: given }: LayoutOptions,
): readonly string[] {
  return given === undefined ? transition.events.map(labelOf) : given(transition);
}

/** The room of a label: along the columns and across them. */
export function labelSize(
  transition: ChartTransition,
  options: LayoutOptions,
  direction: Direction,
): Place {
  const lines = textOf(transition, options);
  if (lines.length === 0) return { main: 0, cross: 0 };
  const width = widthOf(lines);
  const height = lines.length * LINE;
  return direction === 'right'
    ? { main: width, cross: height + 8 }
    : { main: height, cross: width + 12 };
}

/** Where the name of a state stands that has others inside, and what is below it. */
export function headerOf(
  { state, x, y, width }: Point & Sides & { readonly state: ChartState },
  { sizeOf }: LayoutOptions,
): Point & Sides {
  const lines = sizeOf === undefined ? linesOf(state) : [];
  const widest = Math.max(nameWidth(state), widthOf(lines));
  return {
    x: x + PADDING / 2,
    y: y + 6,
    width: Math.min(width - PADDING, widest + PADDING / 2),
    height: 18 + (lines.length === 0 ? 0 : lines.length * LINE + 6),
  };
}

/** Where lines of text are that begin there. */
export function labelRect(at: Point, lines: readonly string[]): Point & Sides {
  const width = widthOf(lines);
  return { x: at.x - 2, y: at.y - LINE / 2, width: width + 4, height: lines.length * LINE };
}
