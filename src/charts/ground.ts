/** The obstacles for a line, and the cost of passing them. */

import type { Point, Sides } from './geometry.ts';

export interface Rect extends Point, Sides {}

/** An existing straight line. */
export type Line = readonly [Point, Point];

export interface Ground {
  /** The area to which lines are limited. */
  readonly bounds: Rect;
  /** Obstacles that no line may pass. */
  readonly boxes: readonly Rect[];
  /** Texts, which lines should avoid. */
  readonly texts: readonly Rect[];
  readonly lines: readonly Line[];
}

/** The distance between lines. */
export const APART = 5;
const CROSSING = 18;
const OVER_TEXT = 60;
/** The cost per pixel of running along another line. */
const ALONG = 4;
const CROWDED = 40;

/** The part within a box. */
export function groundWithin(bounds: Rect, ground: Omit<Ground, 'bounds'>): Ground {
  const doesTouch = ({ x, y, width, height }: Rect): boolean =>
    bounds.x < x + width &&
    x < bounds.x + bounds.width &&
    bounds.y < y + height &&
    y < bounds.y + bounds.height;
  return {
    bounds,
    boxes: ground.boxes.filter(doesTouch),
    texts: ground.texts.filter(doesTouch),
    lines: ground.lines.filter(([a, b]) =>
      doesTouch({
        x: Math.min(a.x, b.x) - 1,
        y: Math.min(a.y, b.y) - 1,
        width: Math.abs(a.x - b.x) + 2,
        height: Math.abs(a.y - b.y) + 2,
      }),
    ),
  };
}

type Span = readonly [low: number, high: number];

/**
 * The obstacles along a straight line across the whole ground: x positions on a horizontal line, y positions on a
 * vertical one.
 */
export interface Track {
  readonly walls: readonly Span[];
  readonly texts: readonly Span[];
  /** Lines that run along it. */
  readonly along: readonly Span[];
  /** Positions where lines cross it. */
  readonly across: readonly number[];
}

/**
 * @param at the y of a horizontal track, the x of a vertical one.
 */
export function trackAt(at: number, isLevel: boolean, goal: Rect, ground: Ground): Track {
  const spansOf = (boxes: readonly Rect[], near: number): Span[] =>
    boxes.flatMap((box) => {
      const [low, size, from, length] = isLevel
        ? [box.y, box.height, box.x, box.width]
        : [box.x, box.width, box.y, box.height];
      return at > low - near && at < low + size + near
        ? [[from - near, from + length + near] as const]
        : [];
    });
  const along: Span[] = [];
  const across: number[] = [];
  for (const [a, b] of ground.lines) {
    const [a1, b1, a2, b2] = isLevel ? [a.y, b.y, a.x, b.x] : [a.x, b.x, a.y, b.y];
    if (Math.abs(a1 - b1) < Math.abs(a2 - b2)) {
      if (Math.abs(a1 - at) < APART - 1) along.push([Math.min(a2, b2), Math.max(a2, b2)]);
    } else if (at >= Math.min(a1, b1) && at < Math.max(a1, b1)) across.push(a2);
  }
  const walls = [...spansOf(ground.boxes, 1), ...spansOf([goal], 0)];
  return { walls, texts: spansOf(ground.texts, 0), along, across };
}

/** The cost of going from one position on a track to another; undefined if an obstacle blocks it. */
export function priceOf(
  { walls, texts, along, across }: Track,
  from: number,
  to: number,
): number | undefined {
  const [low, high] = from < to ? [from, to] : [to, from];
  for (const [start, end] of walls) if (low < end && high > start) return undefined;
  let price = high - low;
  for (const [start, end] of texts) if (low < end && high > start) price += OVER_TEXT;
  for (const place of across) if (place >= low && place < high) price += CROSSING;
  for (const [start, end] of along) {
    const common = Math.min(high, end) - Math.max(low, start);
    if (common > 0) price += CROWDED + ALONG * common;
  }
  return price;
}
