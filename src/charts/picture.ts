/**
 * A drawing as a tree of SVG elements, which pages turn into elements and files into text. Style sheets define the
 * appearance by class.
 */

import type { ChartEvent, ChartState } from './chart.ts';
import type { Drawing, PlacedArc, PlacedStart, PlacedState } from './drawing.ts';
import { roundedPath } from './geometry.ts';
import { labelOf } from './labels.ts';
import { LINE, linesOf } from './sizes.ts';

/** An SVG element. */
export interface Shape {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Text or child elements. */
  readonly inside?: string | readonly Shape[];
}

/** The appearance of a state. */
export interface StateLook {
  readonly active?: boolean | undefined;
  /** The name of a style sheet colour for the border. Default: the usual one. */
  readonly color?: string | undefined;
  /** A note below the name, or beside it. */
  readonly note?: string | undefined;
  /** Whether the note is beside the name. Default: below. */
  readonly beside?: boolean | undefined;
  /** Whether the selected item is in this state. */
  readonly marked?: boolean | undefined;
  /** The event it has just handled without being left. */
  readonly answered?: ChartEvent | undefined;
}

/** The appearance of an arc. */
export interface ArcLook {
  /** From 0 to 1: how recently it was taken. */
  readonly heat?: number | undefined;
  /** The lines next to it. Default: the names of its events. */
  readonly lines?: readonly string[] | undefined;
  /** A line below the arc, if the others are above it. */
  readonly below?: string | undefined;
  /** Whether the selected item has taken it. */
  readonly marked?: boolean | undefined;
  /** An animation runs along it once for each new number. */
  readonly pulse?: number | undefined;
}

const NAME_AT = { x: 10, y: 15 };
const LINES_AT = { x: 10, y: 33 };
const RADIUS = 7;

/** The arrow heads that other shapes refer to. */
export const HEADS: Shape = {
  tag: 'defs',
  attributes: {},
  inside: ['head', 'head-hot'].map((id) => ({
    tag: 'marker',
    attributes: {
      id,
      viewBox: '0 0 8 8',
      refX: 7,
      refY: 4,
      markerWidth: 6.5,
      markerHeight: 6.5,
      orient: 'auto',
      markerUnits: 'userSpaceOnUse',
    },
    inside: [{ tag: 'path', attributes: { d: 'M0 0 8 4 0 8z' } }],
  })),
};

/** A state without its children. */
export function shapeOfState({ state, ...box }: PlacedState, look: StateLook = {}): Shape {
  const { active = false, color, note, beside = false, marked = false, answered } = look;
  const isHistory = state.kind === 'history';
  const style = color === undefined ? {} : { style: `stroke: var(--${color})` };
  const inside: Shape[] = [
    rect(state.kind === 'parallel' ? 'box parallel' : 'box', box, 0, style, isHistory),
  ];
  if (state.kind === 'final') inside.push(rect('inner', box, 3, style));
  const name = isHistory ? (state.isDeep ? 'H*' : 'H') : state.name;
  if (isHistory) {
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    inside.push(text('name', middle, name, 'middle'));
    return { tag: 'g', attributes: { class: stateClass(state, active, marked) }, inside };
  }
  inside.push(text('name', { x: box.x + NAME_AT.x, y: box.y + NAME_AT.y }, name));
  if (note !== undefined) {
    const at = beside
      ? { x: box.x + box.width - NAME_AT.x, y: box.y + NAME_AT.y }
      : { x: box.x + NAME_AT.x, y: box.y + 2 * NAME_AT.y };
    inside.push(text('note', at, note, beside ? 'end' : 'start'));
  }
  const lines = note === undefined ? linesOf(state) : [];
  const hot = answered && labelOf(answered);
  lines.forEach((line, place) => {
    inside.push(
      text(
        line === hot ? 'line hot' : 'line',
        { x: box.x + LINES_AT.x, y: box.y + LINES_AT.y + place * LINE },
        line,
      ),
    );
  });
  return { tag: 'g', attributes: { class: stateClass(state, active, marked) }, inside };
}

/** A transition with its label. */
export function shapeOfArc(arc: PlacedArc, look: ArcLook = {}): Shape {
  const names = arc.transition.events.map(labelOf);
  const { heat = 0, lines = names, below, marked = false, pulse } = look;
  const isHot = heat > 0;
  const width = isHot ? { style: `stroke-width: ${1.2 + 1.6 * heat}` } : {};
  const head = `url(#${isHot ? 'head-hot' : 'head'})`;
  const inside: Shape[] = [
    {
      tag: 'path',
      attributes: { d: roundedPath(arc.points, 6), 'marker-end': head, ...width },
    },
    { tag: 'title', attributes: {}, inside: names.join(', ') },
  ];
  lines.forEach((line, place) => {
    inside.push(text('', { x: arc.label.x, y: arc.label.y + place * LINE }, line));
  });
  if (below !== undefined) inside.push(text('below', arc.below, below));
  if (pulse !== undefined) {
    const d = roundedPath(arc.points, 6);
    inside.push({ tag: 'path', attributes: { class: 'pulse', d, pathLength: 1 } });
  }
  return { tag: 'g', attributes: { class: classes('arc', { hot: isHot, marked }) }, inside };
}

/** The entry of a region. */
export function shapeOfStart({ from, to }: PlacedStart): Shape {
  return {
    tag: 'g',
    attributes: { class: 'start' },
    inside: [
      { tag: 'circle', attributes: { cx: round(from.x), cy: round(from.y), r: 3 } },
      { tag: 'path', attributes: { d: roundedPath([from, to], 0), 'marker-end': 'url(#head)' } },
    ],
  };
}

/** All shapes: states, each before its children, and then the arcs. */
export function shapesOf(
  { states, arcs, starts }: Drawing,
  stateLook: (placed: PlacedState) => StateLook = () => ({}),
  arcLook: (arc: PlacedArc) => ArcLook = () => ({}),
): Shape[] {
  return [
    HEADS,
    ...states.map((placed) => shapeOfState(placed, stateLook(placed))),
    ...starts.map(shapeOfStart),
    ...arcs.map((arc) => shapeOfArc(arc, arcLook(arc))),
  ];
}

function stateClass({ states }: ChartState, active: boolean, marked: boolean): string {
  return classes('state', { active, whole: states.length > 0, marked });
}

function rect(
  kind: string,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  inset: number,
  style: Readonly<Record<string, string>>,
  isRound = false,
): Shape {
  return {
    tag: 'rect',
    attributes: {
      class: kind,
      x: round(x + inset),
      y: round(y + inset),
      width: round(width - 2 * inset),
      height: round(height - 2 * inset),
      rx: isRound ? round(height / 2) : RADIUS - (inset > 0 ? 2 : 0),
      ...style,
    },
  };
}

function text(
  kind: string,
  { x, y }: { readonly x: number; readonly y: number },
  inside: string,
  anchor = 'start',
): Shape {
  const attributes = {
    ...(kind === '' ? {} : { class: kind }),
    x: round(x),
    y: round(y),
    ...(anchor === 'start' ? {} : { 'text-anchor': anchor }),
    'dominant-baseline': 'central',
  };
  return { tag: 'text', attributes, inside };
}

function classes(name: string, kinds: Readonly<Record<string, boolean>>): string {
  return [name, ...Object.keys(kinds).filter((kind) => kinds[kind])].join(' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
