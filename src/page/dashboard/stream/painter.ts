/**
 * Paints bars. What has ended stays as it is: as time passes, the picture of it is moved and only
 * what ended since is added, so that a frame costs as much as happened since the last one. Places
 * are whole pixels of one long strip; the moved picture is the same, to the pixel, as a new one.
 */

import { type Bars, Kind } from '../data/bars.ts';
import type { Span } from './view.ts';

export type Coloring = 'outcome' | 'group';

/** What is to be painted. */
export interface Scene {
  readonly bars: Bars;
  readonly span: Span;
  /** Bars after this are not there yet, and those that ended later still run. */
  readonly until: number;
  /** In pixels of the screen. */
  readonly width: number;
  readonly height: number;
  readonly coloring: Coloring;
}

/** The colours of the style sheet. */
export type Colors = (name: string) => string;

const SHADES = ['done-1', 'done-2', 'done-3'] as const;
const OUTCOMES: Readonly<Record<number, string>> = {
  [Kind.rejected]: 'rejected',
  [Kind.cancelled]: 'cancelled',
  [Kind.failed]: 'delayed',
  [Kind.interrupted]: 'queued',
};
/** What failed is at least so wide, so that it is seen. */
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
  /** The pixel of the strip that is at the left. */
  left: number;
  /** How many bars had ended. */
  numEnded: number;
}

export class StreamPainter {
  /** What went well, and above it what did not: never covered by the other. */
  readonly #good = layer();
  readonly #bad = layer();
  #painted: Painted | undefined = undefined;
  /** By row: up to which pixel of the strip it is painted. */
  #covered: [Float64Array, Float64Array] = [new Float64Array(), new Float64Array()];

  /** How many lanes share a row. */
  static lanesInRow(lanes: number, height: number): number {
    return Math.max(1, Math.ceil(lanes / Math.max(1, Math.floor(height / LEAST_ROW))));
  }

  /** @param isWhole whether to paint everything anew. */
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

  /** @returns the bars that still ran at that time. */
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
    // Of many in one pixel the first is seen.
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

/** The first bar, in the order of ending, that ended after a time. */
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

/** Lanes that do not fit share rows. */
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
    // A line of the colour of what runs stays around it.
    target.fillStyle = colors(groupColorOf(bars, place));
    target.fillRect(start, top + 1, end - start - 1, height - 2);
  }
  if (aborted === 0 || aborted > until) return;
  const cut = Math.max(start, Math.round(aborted / scale) - left);
  target.fillStyle = colors('cancelling');
  target.fillRect(cut, top, end - cut, height);
}

/** Colours of groups: far apart on the wheel, and as calm as those of outcomes. */
const GROUP_COLORS = 12;

function colorOf(bars: Bars, place: number, coloring: Coloring): string {
  const kind = bars.kind[place] as number;
  if (kind !== Kind.fulfilled) return OUTCOMES[kind] ?? 'queued';
  if (coloring === 'group') return groupColorOf(bars, place);
  return SHADES[(bars.id[place] as number) % SHADES.length] ?? SHADES[0];
}

function groupColorOf({ group }: Bars, place: number): string {
  return `group-${groupColor(group[place] as number)}`;
}

/** The number of the colour of a group. */
export function groupColor(group: number): number {
  return group % GROUP_COLORS;
}
