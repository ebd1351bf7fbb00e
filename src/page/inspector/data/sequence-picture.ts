/** A part of a sequence diagram as a picture: the lifelines of actors, and an arrow for each call. */

import type { Sides } from '../../../charts/geometry.ts';
import type { Shape } from '../../../charts/picture.ts';
import { textWidth } from '../../../charts/text-width.ts';
import type { Call, Lane, Sequence } from './sequence.ts';

/** The height of a row, and the minimum width of a lane. */
export const ROW = 30;
export const LEAST_LANE = 116;

const SIZE = 11;
const HEAD = 5;
const LOOP = 22;

interface Part {
  /** The first row, and the one after the last. */
  readonly first: number;
  readonly last: number;
  readonly laneWidth: number;
}

/** The lifelines of actors next to some rows, from y = 0 on. */
export function shapesOfLanes(lanes: readonly Lane[], { first, last, laneWidth }: Part): Shape[] {
  return lanes.flatMap(({ from, to = last }, place): Shape[] => {
    const [start, end] = [Math.max(from, first), Math.min(to + 0.5, last)];
    if (start >= end) return [];
    const x = middleOf(place, laneWidth);
    return [line('life', x, (start - first) * ROW, x, (end - first) * ROW)];
  });
}

/** The maximum number of rows in a file, the latest ones. */
const MOST_ROWS = 1000;
const NAMES = 34;

/** The sequence, up to the limit of a file, with the names of its actors. */
export function pictureOfSequence({
  lanes,
  calls,
}: Sequence): Sides & { readonly shapes: Shape[] } {
  const part = { first: Math.max(0, calls.length - MOST_ROWS), last: calls.length, laneWidth: 140 };
  const names = lanes.map(({ name }, place) =>
    text(middleOf(place, part.laneWidth), NAMES / 2, clipped(name, part.laneWidth - 12), 'middle'),
  );
  const rows = calls.slice(part.first).map((call, row) => shapeOfCall(call, row, part.laneWidth));
  return {
    width: lanes.length * part.laneWidth,
    height: NAMES + (part.last - part.first) * ROW + 12,
    shapes: [
      { tag: 'g', attributes: { class: 'call' }, inside: names },
      {
        tag: 'g',
        attributes: { transform: `translate(0 ${NAMES})` },
        inside: [...shapesOfLanes(lanes, part), ...rows],
      },
    ],
  };
}

export function shapeOfCall(
  { from, to, name, isFailure }: Call,
  row: number,
  laneWidth: number,
): Shape {
  const y = row * ROW + ROW * 0.72;
  const [start, end] = [middleOf(from, laneWidth), middleOf(to, laneWidth)];
  if (from === to) {
    const top = y - 10;
    return group(isFailure, [
      path(`M${start} ${top}H${start + LOOP}V${y}H${start + HEAD}`),
      head(start, y, -1),
      text(start + LOOP + 5, y - 5, clipped(name, laneWidth / 2 - LOOP - 14), 'start'),
    ]);
  }
  const way = Math.sign(end - start);
  return group(isFailure, [
    path(`M${start} ${y}H${end - way * HEAD}`),
    head(end, y, way),
    labelOfCall(name, Math.min(start, end), Math.abs(end - start), y - 8, laneWidth),
  ]);
}

/** The label above the middle of a short arrow; at the left of a long one, where it is visible. */
function labelOfCall(name: string, left: number, length: number, y: number, lane: number): Shape {
  if (length > 1.5 * lane) return text(left + 10, y, clipped(name, length - 20), 'start');
  return text(left + length / 2, y, clipped(name, length - 12), 'middle');
}

function middleOf(place: number, laneWidth: number): number {
  return (place + 0.5) * laneWidth;
}

function clipped(text: string, width: number): string {
  let shown = text;
  while (shown.length > 1 && textWidth(shown, SIZE) > width) shown = shown.slice(0, -1);
  return shown === text ? text : `${shown}…`;
}

function group(isFailure: boolean, inside: readonly Shape[]): Shape {
  return { tag: 'g', attributes: { class: isFailure ? 'call failed' : 'call' }, inside };
}

function path(d: string): Shape {
  return { tag: 'path', attributes: { d } };
}

function head(x: number, y: number, way: number): Shape {
  const back = x - way * (HEAD + 2);
  return {
    tag: 'path',
    attributes: { class: 'head', d: `M${x} ${y}L${back} ${y - 3.5}V${y + 3.5}Z` },
  };
}

function text(x: number, y: number, inside: string, anchor: string): Shape {
  return {
    tag: 'text',
    attributes: { x, y, 'text-anchor': anchor, 'dominant-baseline': 'central' },
    inside,
  };
}

function line(kind: string, x1: number, y1: number, x2: number, y2: number): Shape {
  return { tag: 'line', attributes: { class: kind, x1, y1, x2, y2 } };
}
