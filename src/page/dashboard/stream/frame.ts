/** Paints a frame of the stream: bars, selection, range, axis. */

import { colorOf } from '../../ui/colors.ts';
import type { Size } from '../../ui/hooks.ts';
import type { Model } from '../data/model.ts';
import type { Reel } from '../data/reel.ts';
import type { Coloring } from './bar-colors.ts';
import { streamColors } from './colors.ts';
import { barsOf } from './hit.ts';
import { rowOf, StreamPainter } from './painter.ts';
import { type Span, spanOf, tickLabels, ticksOf, type View } from './view.ts';

export interface Frame {
  readonly model: Model;
  /** The size of the canvas in CSS pixels, passed in since reading it would force a layout in each frame. */
  readonly size: Size;
  readonly reel: Reel;
  readonly view: View;
  readonly range: Span | undefined;
  readonly coloring: Coloring;
}

/** The height of the axis below the bars, in CSS pixels. */
export const AXIS = 16;

/** The total height of all lanes: a few of them do not fill the stage. */
export function areaOf(height: number, lanes: number, ratio: number): number {
  return Math.max(1, Math.min(height, Math.round(Math.max(1, lanes) * TALLEST * ratio)));
}

/** The maximum height of a lane, in CSS pixels. */
const TALLEST = 28;

/** The minimum time between two frames while nothing moves, in milliseconds. */
const OFTEN = 50;

/** The inputs of the last frame on a canvas: an unchanged frame is not painted again. */
interface Painted {
  /** The positions. */
  readonly place: string;
  /** The contents. */
  readonly content: string;
  /** The axis, whose text takes longer than all bars of a frame. */
  readonly axis: string;
  /** When it was painted, in milliseconds of the monotonic clock. */
  readonly at: number;
}

const last = new WeakMap<HTMLCanvasElement, Painted>();

export function paintFrame(canvas: HTMLCanvasElement, painter: StreamPainter, frame: Frame): void {
  const { model, size, reel, view, range, coloring } = frame;
  const context = canvas.getContext('2d');
  if (context === null || size.width === 0) return;
  const ratio = devicePixelRatio || 1;
  const width = Math.round(size.width * ratio);
  const height = Math.round(size.height * ratio);
  const until = model.now();
  const span = spanOf(view, until);
  const { bars } = reel;
  const colors = streamColors();
  const scale = (span.to - span.from) / width;
  const place = [
    ...[Math.round(span.to / scale), scale, width, height, coloring, range?.from, range?.to],
    ...[model.task.peek(), numberOf(colors), numberOf(reel)],
    // Running bars grow; in a fixed view without any, nothing changes.
    view.kind === 'fixed' ? Math.round(until / scale) : '',
  ].join();
  const content = `${bars.next},${bars.numEnded},${bars.lanes}`;
  const before = last.get(canvas);
  const at = performance.now();
  if (before?.place === place) {
    if (before.content === content || at - before.at < OFTEN) return;
  }
  const isResized = canvas.width !== width || canvas.height !== height;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const floor = Math.max(1, height - Math.round(AXIS * ratio));
  const area = areaOf(floor, bars.lanes, ratio);
  painter.paint(context, { bars, span, until, width, height: area, coloring }, colors);
  context.clearRect(0, area, width, floor - area);
  paintSelected(context, frame, span, width, area, until);
  if (range !== undefined) paintRange(context, span, range, width, area);
  const axis = [
    ...[scale, width, height, Math.round((until - span.to) / scale), numberOf(colors)],
    // The outline of the selection reaches into the axis.
    model.task.peek() === undefined ? '' : place,
  ].join();
  last.set(canvas, { place, content, axis, at });
  if (!isResized && before?.axis === axis) return;
  context.clearRect(0, floor, width, height - floor);
  paintAxis(context, span, until, { width, height, ratio });
}

const numbers = new WeakMap<object, number>();
let nextNumber = 0;

/** A unique number for each object. */
function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) {
    number = nextNumber++;
    numbers.set(object, number);
  }
  return number;
}

function paintSelected(
  context: CanvasRenderingContext2D,
  { model, reel: { bars } }: Frame,
  span: Span,
  width: number,
  area: number,
  until: number,
): void {
  const id = model.task.peek();
  if (id === undefined) return;
  const scale = (span.to - span.from) / width;
  const share = StreamPainter.lanesInRow(bars.lanes, area);
  const rows = Math.max(1, Math.ceil(bars.lanes / share));
  context.strokeStyle = colorOf('ink');
  context.lineWidth = 2;
  for (const bar of barsOf(bars, id)) {
    const place = bars.place(bar);
    if ((bars.start[place] as number) > until) continue;
    const { top, height } = rowOf({ bars, height: area, rows }, bars.lane[place] as number);
    const start = ((bars.start[place] as number) - span.from) / scale;
    const end = (Math.min(until, bars.end[place] as number) - span.from) / scale;
    context.strokeRect(start - 1, top - 0.5, Math.max(3, end - start + 1), height + 1);
  }
}

function paintRange(
  context: CanvasRenderingContext2D,
  span: Span,
  range: Span,
  width: number,
  area: number,
): void {
  const at = (time: number): number => ((time - span.from) / (span.to - span.from)) * width;
  context.globalAlpha = 0.18;
  context.fillStyle = colorOf('accent');
  context.fillRect(at(range.from), 0, at(range.to) - at(range.from), area);
  context.globalAlpha = 1;
}

interface Paper {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

function paintAxis(
  context: CanvasRenderingContext2D,
  span: Span,
  until: number,
  { width, height, ratio }: Paper,
): void {
  context.fillStyle = colorOf('soft');
  context.font = `${11 * ratio}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  const length = span.to - span.from;
  const ticks = ticksOf(span, width / ratio / 110);
  const labels = tickLabels(span, ticks, until);
  ticks.forEach((back, place) => {
    const x = width - (back / length) * width;
    const text = labels[place] as string;
    const half = context.measureText(text).width / 2;
    const at = Math.min(width - half - 4 * ratio, Math.max(half + 4 * ratio, x));
    // Two labels at the left end would overlap.
    if (back > 0 && x < half) return;
    context.fillText(text, at - half, height - (AXIS * ratio) / 2);
  });
}
