/**
 * Where everything goes: the states of a region stand in one column, in the order of the machine.
 * A transition to the next state is an arrow straight down; any other takes a lane beside the
 * column, where nothing else is.
 */

import type { Chart, Region, State, Transition } from './chart.ts';
import { type Lane, lanesOf, portOf, type Side } from './lanes.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export type Shape =
  | ({ readonly kind: 'state'; readonly state: State } & Box)
  | ({ readonly kind: 'start' } & Point)
  | { readonly kind: 'arrow'; readonly points: readonly Point[] }
  | ({ readonly kind: 'label'; readonly text: string; readonly anchor: 'start' | 'end' } & Point);

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

export const LINE = 18;
/** How tall the part of a box is that holds its name. */
export const HEADER = 36;

/** Widths of the characters of a fixed-width font, generously. */
const NAME_CHARACTER = 9;
const EVENT_CHARACTER = 7.6;

const MARGIN = 20;
const PADDING = 16;
/** From the start dot to the first state. */
const START = 28;
/** Between two states, without the lines of a label. */
const GAP = 34;
/** From the column to the first lane, and from one lane to the next. */
const LANE = 24;
/** From an arrow to its label. */
const LABEL = 8;

export function layOut({ region }: Chart): Drawing {
  const { left, right, height, shapes } = columnOf(region);
  return {
    width: Math.ceil(left + right + 2 * MARGIN),
    height: Math.ceil(height + 2 * MARGIN),
    shapes: shapes.map((shape) => moved(shape, MARGIN + left, MARGIN)),
  };
}

/** A laid out region: around the middle of its column, from y = 0 on. */
interface Column {
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

function columnOf({ initial, states, transitions }: Region): Column {
  const rows = new Map(states.map(({ name }, row) => [name, row]));
  const rowOf = (name: string): number => rows.get(name) as number;
  const isStraight = ({ from, to }: Transition): boolean => rowOf(to) === rowOf(from) + 1;
  const straight = transitions.filter(isStraight);
  const bent = transitions.filter((transition) => !isStraight(transition));

  const shapes: Shape[] = [];
  const boxes: Box[] = [];
  let y = START;
  for (const state of states) {
    const { box, inside } = boxOf(state, y);
    boxes.push(box);
    shapes.push({ kind: 'state', state, ...box }, ...inside);
    const label = straight.find(({ from }) => from === state.name)?.events ?? [];
    y += box.height + GAP + Math.max(1, label.length) * LINE;
  }
  const boxIn = (row: number): Box => boxes[row] as Box;

  const first = boxIn(rowOf(initial)).y;
  shapes.push({ kind: 'start', x: 0, y: first - START + 6 }, arrow(0, first - START + 12, first));
  for (const { from, to, events } of straight) {
    const [start, end] = [bottomOf(boxIn(rowOf(from))), boxIn(rowOf(to)).y];
    shapes.push(arrow(0, start, end), ...labels(events, LABEL, (start + end) / 2));
  }

  const widest = Math.max(...boxes.map(({ width }) => width)) / 2;
  const beside = Math.max(0, ...straight.map(({ events }) => 2 * LABEL + widthOf(events)));
  const lanes = lanesOf(bent, rowOf);
  const left = besideColumn('left', widest, lanes, boxIn);
  const right = besideColumn('right', Math.max(widest, beside), lanes, boxIn);
  return {
    left: left.width,
    right: right.width,
    height: bottomOf(boxIn(boxes.length - 1)),
    shapes: [...shapes, ...left.shapes, ...right.shapes],
  };
}

/** The lanes of one side, from the inside to the outside, and how far they reach. */
function besideColumn(
  side: Side,
  from: number,
  lanes: readonly Lane[],
  boxIn: (row: number) => Box,
): { width: number; shapes: readonly Shape[] } {
  const sign = side === 'left' ? -1 : 1;
  const edgeOf = ({ x, width }: Box): number => (side === 'left' ? x : x + width);
  const shapes: Shape[] = [];
  let width = from;
  for (let depth = 0; ; depth++) {
    const here = lanes.filter((lane) => lane.side === side && lane.depth === depth);
    if (here.length === 0) return { width, shapes };
    const x = sign * (width + LANE);
    for (const lane of here) {
      const { events } = lane.transition;
      const [start, end] = (['from', 'to'] as const).map((which) => {
        const box = boxIn(lane[which]);
        return { x: edgeOf(box), y: box.y + box.height * portOf(lanes, lane, which) };
      }) as [Point, Point];
      shapes.push({ kind: 'arrow', points: [start, { x, y: start.y }, { x, y: end.y }, end] });
      const anchor = side === 'left' ? 'end' : 'start';
      shapes.push(...labels(events, x + sign * LABEL, (start.y + end.y) / 2, anchor));
    }
    width += LANE + LABEL + Math.max(...here.map(({ transition }) => widthOf(transition.events)));
  }
}

/** The box of a state around the middle of its column, and what is inside. */
function boxOf(state: State, y: number): { box: Box; inside: readonly Shape[] } {
  const text = Math.max(state.name.length * NAME_CHARACTER, widthOf(state.internal));
  const header = HEADER + (state.internal.length > 0 ? state.internal.length * LINE + LABEL : 0);
  if (state.inside === undefined) {
    const width = Math.max(96, text + 2 * PADDING);
    return { box: { x: -width / 2, y, width, height: header }, inside: [] };
  }
  const { left, right, height, shapes } = columnOf(state.inside);
  const width = Math.max(text, left + right) + 2 * PADDING;
  const top = y + header + LABEL;
  return {
    box: { x: -width / 2, y, width, height: header + LABEL + height + PADDING },
    inside: shapes.map((shape) => moved(shape, (left - right) / 2, top)),
  };
}

function labels(
  events: readonly string[],
  x: number,
  y: number,
  anchor: 'start' | 'end' = 'start',
): Shape[] {
  const top = y - ((events.length - 1) / 2) * LINE;
  return events.map((text, line) => ({ kind: 'label', text, anchor, x, y: top + line * LINE }));
}

function widthOf(events: readonly string[]): number {
  return Math.max(0, ...events.map((event) => event.length * EVENT_CHARACTER));
}

function bottomOf({ y, height }: Box): number {
  return y + height;
}

/** An arrow straight down. */
function arrow(x: number, from: number, to: number): Shape {
  return {
    kind: 'arrow',
    points: [
      { x, y: from },
      { x, y: to },
    ],
  };
}

function moved(shape: Shape, x: number, y: number): Shape {
  if (shape.kind !== 'arrow') return { ...shape, x: shape.x + x, y: shape.y + y };
  return { ...shape, points: shape.points.map((point) => ({ x: point.x + x, y: point.y + y })) };
}
