/**
 * Routes a line between boxes: horizontal and vertical segments that pass no box, and cross as little else as
 * possible. The search runs along the edges of obstacles, at a small distance.
 */

import type { Point } from './geometry.ts';
import { APART, type Ground, priceOf, type Rect, type Track, trackAt } from './ground.ts';

/** The minimum length of the last segment, for the arrow head. */
const HEAD = 12;
const CORNER = 5;
const BEND = 14;
/** The maximum number of steps. */
const PATIENCE = 30_000;

interface Step {
  readonly x: number;
  readonly y: number;
  readonly isLevel: boolean;
  readonly cost: number;
  readonly before: Step | undefined;
}

/**
 * The route from a point to the border of a box, where it arrives at a right angle; undefined if there is none.
 *
 * @param isLevel whether it starts horizontally.
 */
export function route(
  from: Point,
  isLevel: boolean,
  goal: Rect,
  ground: Ground,
): Point[] | undefined {
  const xs = gridOf(from.x, spanX(goal), spanX(ground.bounds), ground.boxes.map(spanX));
  const ys = gridOf(from.y, spanY(goal), spanY(ground.bounds), ground.boxes.map(spanY));
  const tracks = { level: new Map<number, Track>(), upright: new Map<number, Track>() };
  const trackOf = (place: number, isLevel: boolean): Track => {
    const known = isLevel ? tracks.level : tracks.upright;
    let track = known.get(place);
    if (track === undefined) {
      track = trackAt((isLevel ? ys : xs)[place] as number, isLevel, goal, ground);
      known.set(place, track);
    }
    return track;
  };
  const best = new Map<number, number>();
  const keyOf = (x: number, y: number, level: boolean): number =>
    (x * ys.length + y) * 2 + (level ? 1 : 0);
  const open = new Heap();
  const push = (step: Step): void => {
    const key = keyOf(step.x, step.y, step.isLevel);
    if ((best.get(key) ?? Number.POSITIVE_INFINITY) <= step.cost) return;
    best.set(key, step.cost);
    open.push(step, step.cost + distanceTo(goal, xs[step.x] as number, ys[step.y] as number));
  };
  push({ x: xs.indexOf(from.x), y: ys.indexOf(from.y), isLevel, cost: 0, before: undefined });
  for (let tries = 0; tries < PATIENCE; tries++) {
    const step = open.pop();
    if (step === undefined) return undefined;
    const { x, y } = step;
    if (best.get(keyOf(x, y, step.isLevel)) !== step.cost) continue;
    if (step.before !== undefined && isArrival(step, goal, xs, ys)) return pathOf(step, xs, ys);
    for (const [dx, dy] of DIRECTIONS) {
      const level = dy === 0;
      const [start, end] = level ? [xs[x], xs[x + dx]] : [ys[y], ys[y + dy]];
      if (start === undefined || end === undefined) continue;
      const price = priceOf(trackOf(level ? y : x, level), start, end);
      if (price === undefined) continue;
      const bend = level === step.isLevel ? 0 : BEND;
      push({ x: x + dx, y: y + dy, isLevel: level, cost: step.cost + price + bend, before: step });
    }
  }
  return undefined;
}

const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

type Span = readonly [number, number];
const spanX = ({ x, width }: Rect): Span => [x, x + width];
const spanY = ({ y, height }: Rect): Span => [y, y + height];

/** The positions where lines may run: near each obstacle, and at some positions of the goal. */
function gridOf(from: number, goal: Span, [least, most]: Span, boxes: readonly Span[]): number[] {
  const all = new Set([from, ...goal]);
  for (const part of [0.25, 0.5, 0.75]) all.add(goal[0] + (goal[1] - goal[0]) * part);
  for (const [low, high] of boxes) {
    for (const by of [APART, 2 * APART]) all.add(low - by).add(high + by);
  }
  for (const by of [HEAD, HEAD + APART]) all.add(goal[0] - by).add(goal[1] + by);
  return [...all].filter((at) => at >= least && at <= most).sort((a, b) => a - b);
}

/** Whether a route ends here: at the border of the goal, at a right angle, and not at a corner. */
function isArrival(
  { x, y, isLevel }: Step,
  goal: Rect,
  xs: readonly number[],
  ys: readonly number[],
): boolean {
  const [at, level] = [xs[x] as number, ys[y] as number];
  if (isLevel) {
    const isBeside = at === goal.x || at === goal.x + goal.width;
    return isBeside && isBetween(level, spanY(goal));
  }
  const isBeside = level === goal.y || level === goal.y + goal.height;
  return isBeside && isBetween(at, spanX(goal));
}

function isBetween(at: number, [low, high]: Span): boolean {
  return at >= low + CORNER && at <= high - CORNER;
}

function distanceTo({ x, y, width, height }: Rect, atX: number, atY: number): number {
  return Math.max(x - atX, 0, atX - x - width) + Math.max(y - atY, 0, atY - y - height);
}

function pathOf(last: Step, xs: readonly number[], ys: readonly number[]): Point[] {
  const points: Point[] = [];
  for (let step: Step | undefined = last; step !== undefined; step = step.before) {
    const point = { x: xs[step.x] as number, y: ys[step.y] as number };
    const [next, after] = points;
    // Points on a straight line between two others are dropped.
    const isStraight =
      next !== undefined &&
      after !== undefined &&
      ((next.x === after.x && next.x === point.x) || (next.y === after.y && next.y === point.y));
    if (isStraight) points[0] = point;
    else points.unshift(point);
  }
  return points;
}

/** A heap from which the cheapest step is taken next. */
class Heap {
  readonly #steps: { readonly step: Step; readonly rank: number }[] = [];

  push(step: Step, rank: number): void {
    const all = this.#steps;
    let place = all.push({ step, rank }) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = all[parent];
      if (above === undefined || above.rank <= rank) break;
      all[place] = above;
      all[parent] = { step, rank };
      place = parent;
    }
  }

  pop(): Step | undefined {
    const all = this.#steps;
    const [first] = all;
    const last = all.pop();
    if (first === undefined || last === undefined || all.length === 0) return first?.step;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = all[left + 1];
      const smaller = right !== undefined && right.rank < (all[left]?.rank ?? 0) ? left + 1 : left;
      const child = all[smaller];
      if (child === undefined || child.rank >= last.rank) break;
      all[place] = child;
      place = smaller;
    }
    all[place] = last;
    return first.step;
  }
}
