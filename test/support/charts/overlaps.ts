/** Finds the faults of a drawing of a chart: parts that overlap. */

import { ancestryOf } from '../../../src/charts/ancestry.ts';
import type { Chart } from '../../../src/charts/chart.ts';
import { statesOf } from '../../../src/charts/chart.ts';
import type { Drawing, PlacedArc } from '../../../src/charts/drawing.ts';
import type { Point } from '../../../src/charts/geometry.ts';
import { labelOf } from '../../../src/charts/labels.ts';
import { textWidth } from '../../../src/charts/text-width.ts';

interface Rect {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The font size of labels and the height of a line, as in browsers. */
const [SIZE, TALL] = [10, 9];
const TOLERANCE = 0.5;

/** Sentences about two overlapping parts each. */
export function overlapsIn(drawing: Drawing, chart: Chart): string[] {
  const ancestry = ancestryOf(statesOf(chart));
  const isWithin = (inner: string, outer: string): boolean =>
    ancestry.pathOf(inner).includes(outer);
  const boxes = drawing.states.map(
    ({ state, x, y, width, height }): Rect => ({
      name: state.id,
      left: x,
      top: y,
      right: x + width,
      bottom: y + height,
    }),
  );
  const found: string[] = [];
  const page = { left: 0, top: 0, right: drawing.width, bottom: drawing.height };
  for (const [place, a] of boxes.entries()) {
    if (!isInside(a, page)) found.push(`state ${a.name} is outside of the picture`);
    for (const b of boxes.slice(place + 1)) {
      if (isWithin(a.name, b.name) || isWithin(b.name, a.name)) continue;
      if (doTouch(a, b)) found.push(`states ${a.name} and ${b.name}`);
    }
  }
  const labels = drawing.arcs.flatMap(labelRects);
  for (const [place, a] of labels.entries()) {
    if (!isInside(a, page)) found.push(`label ${a.name} is outside of the picture`);
    for (const b of labels.slice(place + 1)) {
      if (doTouch(a, b)) found.push(`labels ${a.name} and ${b.name}`);
    }
    for (const box of boxes) {
      // Labels may be inside a state with child states.
      if (doTouch(a, box) && !isInside(a, box))
        found.push(`label ${a.name} and the border of ${box.name}`);
      const isPlain =
        drawing.states.find(({ state }) => state.id === box.name)?.state.states.length === 0;
      if (isPlain && doTouch(a, box)) found.push(`label ${a.name} and state ${box.name}`);
    }
  }
  for (const { transition, points } of drawing.arcs) {
    const { from, to } = transition;
    for (const box of boxes) {
      // An arc may cross the border of its source and its target.
      if (isWithin(from, box.name) || isWithin(to, box.name)) continue;
      if (isWithin(box.name, from) || isWithin(box.name, to)) continue;
      if (passes(points, box)) found.push(`arc ${from} → ${to} and state ${box.name}`);
    }
  }
  return found;
}

function labelRects({ transition, label }: PlacedArc): Rect[] {
  const lines = transition.events.map(labelOf);
  if (lines.length === 0) return [];
  const width = Math.max(...lines.map((line) => textWidth(line, SIZE)));
  const top = label.y - TALL / 2;
  return [
    {
      name: `${lines.join(' ')} (${transition.from} → ${transition.to})`,
      left: label.x,
      top,
      right: label.x + width,
      bottom: top + (lines.length - 1) * 12 + TALL,
    },
  ];
}

function doTouch(a: Omit<Rect, 'name'>, b: Omit<Rect, 'name'>): boolean {
  return (
    a.left < b.right - TOLERANCE &&
    b.left < a.right - TOLERANCE &&
    a.top < b.bottom - TOLERANCE &&
    b.top < a.bottom - TOLERANCE
  );
}

function isInside(inner: Omit<Rect, 'name'>, outer: Omit<Rect, 'name'>): boolean {
  return (
    inner.left >= outer.left - TOLERANCE &&
    inner.top >= outer.top - TOLERANCE &&
    inner.right <= outer.right + TOLERANCE &&
    inner.bottom <= outer.bottom + TOLERANCE
  );
}

/** Whether a line of level and upright parts goes through a box. */
function passes(points: readonly Point[], box: Rect): boolean {
  return points.slice(1).some((point, place) => {
    const before = points[place] as Point;
    return doTouch(box, {
      left: Math.min(before.x, point.x),
      right: Math.max(before.x, point.x) + 2 * TOLERANCE,
      top: Math.min(before.y, point.y),
      bottom: Math.max(before.y, point.y) + 2 * TOLERANCE,
    });
  });
}
