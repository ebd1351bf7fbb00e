/**
 * Paints bars incrementally. Ended bars do not change: as time passes, their picture is shifted and only new ones are
 * added, so that the cost of a frame depends on what has happened since the last one. Positions are whole pixels of
 * one long strip, so a shifted picture is identical to a repainted one.
 */

import { type Bars, Kind } from '../data/bars.ts';
import { type Coloring, colorOf, groupColorOf } from './bar-colors.ts';
import type { Span } from './view.ts';

/** The input of the painter. */
export interface Scene {
  readonly bars: Bars;
  readonly span: Span;
  /** The shown time: bars that start later do not exist yet, and those that end later are running. */
  readonly until: number;
  /** In device pixels. */
  readonly width: number;
  readonly height: number;
  readonly coloring: Coloring;
}

/** The colours of the style sheet. */
export type Colors = (name: string) => string;

/** The minimum width of failed bars, so that they are visible. */
const LEAST_BAD = 2;
const LEAST_ROW = 3;

type Layer = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

interface Painted {
  readonly bars: Bars;
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly coloring: Coloring;
  readonly colors: Colors;
  /** The position of the left edge in the strip, in pixels. */
  left: number;
  /** The number of ended bars at that time. */
  numEnded: number;
}

export class StreamPainter {
  /** Two layers, so that successes never cover failures. */
  readonly #good = layer();
  readonly #bad = layer();
  #painted: Painted | undefined = undefined;
  /** By row, the pixel of the strip up to which it is painted. */
  #covered: [Float64Array, Float64Array] = [new Float64Array(), new Float64Array()];

  /** The number of lanes that share a row. */
  static lanesInRow(lanes: number, height: number): number {
    return Math.max(1, Math.ceil(lanes / Math.max(1, Math.floor(height / LEAST_ROW))));
  }

  /**
   * @param isWhole whether to repaint everything.
   */
  paint(target: CanvasRenderingContext2D, scene: Scene, colors: Colors, isWhole = false): void {
    const { bars, span, width, height, coloring, until } = scene;
    const scale = (span.to - span.from) / width;
    const left = Math.round(span.to / scale) - width;
    const share = StreamPainter.lanesInRow(bars.lanes, height);
    const rows = Math.max(1, Math.ceil(bars.lanes / share));
    const before = this.#painted;
    const isSame =
      !isWhole &&
      before !== undefined &&
      before.bars === bars &&
      before.scale === scale &&
      before.width === width &&
      before.height === height &&
      before.rows === rows &&
      before.coloring === coloring &&
      before.colors === colors &&
      left >= before.left &&
      until >= lastEnd(bars);
    const next: Painted = {
      bars,
      scale,
      width,
      height,
      rows,
      coloring,
      colors,
      left,
      numEnded: bars.numEnded,
    };
    this.#painted = until >= lastEnd(bars) ? next : undefined;
    if (isSame) this.#move(left - before.left, next);
    else this.#clear(next);
    const from = isSame ? before.numEnded : firstEnding(bars, span.from);
    const unfinished = this.#paintEnded(next, from, until);
    target.setTransform(1, 0, 0, 1, 0, 0);
    target.clearRect(0, 0, width, height);
    target.drawImage(this.#good.canvas, 0, 0);
    target.drawImage(this.#bad.canvas, 0, 0);
    for (const bar of [...unfinished, ...bars.running.values()]) {
      paintRunning(target, next, bar, until);
    }
  }

  #clear({ width, height, rows }: Painted): void {
    for (const { canvas } of [this.#good, this.#bad]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#covered = [new Float64Array(rows).fill(-1e18), new Float64Array(rows).fill(-1e18)];
  }

  #move(by: number, { width, height }: Painted): void {
    if (by === 0) return;
    for (const context of [this.#good, this.#bad]) {
      context.globalCompositeOperation = 'copy';
      context.drawImage(context.canvas, -by, 0, width, height);
      context.globalCompositeOperation = 'source-over';
    }
  }

  /**
   * @returns the bars that were still running at that time.
   */
  #paintEnded(scene: Painted, from: number, until: number): number[] {
    const { bars } = scene;
    const unfinished: number[] = [];
    for (let n = from; n < bars.numEnded; n++) {
      const bar = bars.endedAt(n);
      if (bar === undefined) continue;
      const place = bars.place(bar);
      if ((bars.end[place] as number) > until) {
        if ((bars.start[place] as number) <= until) unfinished.push(bar);
      } else this.#paintOne(scene, place);
    }
    return unfinished;
  }

  #paintOne(scene: Painted, place: number): void {
    const { bars, scale, left, coloring, colors } = scene;
    const kind = bars.kind[place] as number;
    const isBad = kind !== Kind.fulfilled;
    const context = isBad ? this.#bad : this.#good;
    const { row, top, height } = rowOf(scene, bars.lane[place] as number);
    const covered = this.#covered[isBad ? 1 : 0];
    let end = Math.round((bars.end[place] as number) / scale);
    const start = Math.min(
      Math.round((bars.start[place] as number) / scale),
      end - (isBad ? LEAST_BAD : 1),
    );
    // Of several bars in one pixel the first is visible.
    if (end - start <= LEAST_BAD && end <= (covered[row] as number)) return;
    covered[row] = Math.max(covered[row] as number, end);
    if (end - start > 3) end--;
    context.fillStyle = colors(colorOf(bars, place, coloring));
    context.fillRect(start - left, top, end - start, height);
    const aborted = bars.aborted[place] as number;
    if (aborted === 0 || height < 4) return;
    const cut = Math.max(start, Math.round(aborted / scale));
    context.fillStyle = colors('cancelling');
    context.fillRect(cut - left, top + Math.ceil(height / 2), end - cut, Math.floor(height / 2));
  }
}

function layer(): Layer {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) throw new Error('expected a canvas, got none');
  return context;
}

function lastEnd(bars: Bars): number {
  const bar = bars.endedAt(bars.numEnded - 1);
  return bar === undefined ? Number.NEGATIVE_INFINITY : (bars.end[bars.place(bar)] as number);
}

/** The first bar, in order of ending, that ended after a time. */
function firstEnding(bars: Bars, after: number): number {
  let low = Math.max(0, bars.numEnded - bars.end.length);
  let high = bars.numEnded;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bar = bars.endedAt(middle);
    const isEarlier = bar === undefined || (bars.end[bars.place(bar)] as number) < after;
    if (isEarlier) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Row {
  readonly row: number;
  readonly top: number;
  readonly height: number;
}

/** The row of a lane: lanes that do not fit share rows. */
export function rowOf(
  { bars, height, rows }: Pick<Painted, 'bars' | 'height' | 'rows'>,
  lane: number,
): Row {
  const row = Math.min(rows - 1, Math.floor((lane * rows) / Math.max(1, bars.lanes)));
  const top = Math.floor((row * height) / rows);
  const bottom = Math.floor(((row + 1) * height) / rows);
  return { row, top, height: Math.max(1, bottom - top - (bottom - top > 3 ? 1 : 0)) };
}

function paintRunning(
  target: CanvasRenderingContext2D,
  scene: Painted,
  bar: number,
  until: number,
): void {
  const { bars, scale, left, width, coloring, colors } = scene;
  const place = bars.place(bar);
  const started = bars.start[place] as number;
  if (started > until) return;
  const { top, height } = rowOf(scene, bars.lane[place] as number);
  const end = Math.min(width, Math.round(until / scale) - left);
  const start = Math.min(Math.max(0, Math.round(started / scale) - left), end - 1);
  const aborted = bars.aborted[place] as number;
  target.fillStyle = colors('running');
  target.fillRect(start, top, end - start, height);
  if (coloring === 'group' && height > 4) {
    // Leaves a border in the colour of running tasks.
    target.fillStyle = colors(groupColorOf(bars, place));
    target.fillRect(start, top + 1, end - start - 1, height - 2);
  }
  if (aborted === 0 || aborted > until) return;
  const cut = Math.max(start, Math.round(aborted / scale) - left);
  target.fillStyle = colors('cancelling');
  target.fillRect(cut, top, end - cut, height);
}
