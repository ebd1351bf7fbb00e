/** What is in the way of a line, and what a part of it costs there. */

import type { Point, Sides } from './geometry.ts';

export interface Rect extends Point, Sides {}

/** A straight line that is there already. */
export type Line = readonly [Point, Point];

export interface Ground {
  /** Where lines stay. */
  readonly bounds: Rect;
  /** What no line may pass. */
  readonly boxes: readonly Rect[];
  /** What lines should not pass: text. */
  readonly texts: readonly Rect[];
  readonly lines: readonly Line[];
}

/** How far lines are from each other. */
export const APART = 5;
const CROSSING = 18;
const OVER_TEXT = 60;
/** Along another line: for each pixel. */
const ALONG = 4;
const CROWDED = 40;

/** The part of it that is within a box. */
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

/** What is met on a straight line all the way across the ground: the level ones by x, the upright ones by y. */
export interface Track {
  readonly walls: readonly Span[];
  readonly texts: readonly Span[];
  /** Lines that run along it. */
  readonly along: readonly Span[];
  /** Where lines cross it. */
  readonly across: readonly number[];
}

/** @param at its y if it is level, its x if it is upright. */
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

/** What it costs to go from one place on a track to another; undefined where there is no way. */
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
