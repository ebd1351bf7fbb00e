/** Points, and the two directions in which columns of boxes may follow each other. */

import type { Place } from './region.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Sides {
  readonly width: number;
  readonly height: number;
}

export type Direction = 'right' | 'down';

export function turn({ main, cross }: Place, direction: Direction): Point {
  return direction === 'right' ? { x: main, y: cross } : { x: cross, y: main };
}

/** The scale at which something fits into a frame of the given proportion: the larger, the better it fits. */
export function scaleIn({ width, height }: Sides, proportion: number): number {
  return Math.min(proportion / width, 1 / height);
}

/** A path with rounded corners. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const [start, ...rest] = points.filter((point, place) => !isSame(point, points[place - 1]));
  if (start === undefined) return '';
  const parts = [`M${round(start.x)} ${round(start.y)}`];
  let before = start;
  rest.forEach((corner, place) => {
    const next = rest[place + 1];
    if (next === undefined) parts.push(`L${round(corner.x)} ${round(corner.y)}`);
    else {
      const into = towards(corner, before, Math.min(radius, distance(corner, before) / 2));
      const out = towards(corner, next, Math.min(radius, distance(corner, next) / 2));
      parts.push(
        `L${round(into.x)} ${round(into.y)}`,
        `Q${round(corner.x)} ${round(corner.y)} ${round(out.x)} ${round(out.y)}`,
      );
    }
    before = corner;
  });
  return parts.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function isSame(a: Point, b: Point | undefined): boolean {
  return b !== undefined && distance(a, b) < 0.05;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}
