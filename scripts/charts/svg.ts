/** A laid out chart as an SVG picture that brings its own background, for light and dark pages. */

import type { Chart } from './chart.ts';
import { HEADER, LINE, layOut, type Point, type Shape } from './layout.ts';

const STYLE = `
    .page { fill: #ffffff; stroke: #d0d7de; }
    .state { fill: #f6f8fa; stroke: #59636e; stroke-width: 1.5; }
    .rule { stroke: #d0d7de; }
    .inner { fill: none; stroke: #59636e; }
    .arrow { fill: none; stroke: #59636e; stroke-width: 1.5; }
    .head, .start { fill: #59636e; }
    text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    .name { fill: #1f2328; font-size: 14px; font-weight: 600; }
    .event { fill: #0550ae; font-size: 12px; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; stroke: #3d444d; }
      .state { fill: #161b22; stroke: #9198a1; }
      .rule { stroke: #3d444d; }
      .inner { stroke: #9198a1; }
      .arrow { stroke: #9198a1; }
      .head, .start { fill: #9198a1; }
      .name { fill: #f0f6fc; }
      .event { fill: #79c0ff; }
    }`;

const BEND = 10;

export function svgOf(chart: Chart): string {
  const { width, height, shapes } = layOut(chart);
  const title = `The ${chart.name} chart`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
  <title>${title}</title>
  <style>${STYLE}
  </style>
  <marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
    <path class="head" d="M0 1 10 5 0 9z"/>
  </marker>
  <rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${shapes.map((shape) => `  ${draw(shape)}`).join('\n')}
</svg>
`;
}

function draw(shape: Shape): string {
  switch (shape.kind) {
    case 'state':
      return drawState(shape);
    case 'start':
      return `<circle class="start" cx="${round(shape.x)}" cy="${round(shape.y)}" r="6"/>`;
    case 'arrow':
      return `<path class="arrow" d="${pathOf(shape.points)}" marker-end="url(#head)"/>`;
    case 'label':
      return text('event', shape, shape.text, shape.anchor);
  }
}

function drawState({ state, x, y, width, height }: Shape & { kind: 'state' }): string {
  const middle = x + width / 2;
  const parts = [rect('state', x, y, width, height, 8)];
  if (state.isFinal) parts.push(rect('inner', x + 4, y + 4, width - 8, height - 8, 5));
  parts.push(text('name', { x: middle, y: y + HEADER / 2 }, state.name, 'middle'));
  if (state.internal.length > 0) {
    const line = round(y + HEADER - 2);
    parts.push(`<path class="rule" d="M${round(x)} ${line}H${round(x + width)}"/>`);
  }
  for (const [place, event] of state.internal.entries()) {
    const at = { x: middle, y: y + HEADER + 2 + (place + 0.5) * LINE };
    parts.push(text('event', at, event, 'middle'));
  }
  return parts.join('\n  ');
}

function rect(kind: string, x: number, y: number, width: number, height: number, radius: number) {
  return `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

function text(kind: string, { x, y }: Point, content: string, anchor: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" dominant-baseline="central">${content}</text>`;
}

/** Straight lines with round corners. */
function pathOf(points: readonly Point[]): string {
  const [start, ...rest] = points as [Point, ...Point[]];
  const parts = [`M${round(start.x)} ${round(start.y)}`];
  for (const [place, corner] of rest.entries()) {
    const next = rest[place + 1];
    if (next === undefined) {
      parts.push(`L${round(corner.x)} ${round(corner.y)}`);
      continue;
    }
    const before = towards(corner, points[place] as Point);
    const after = towards(corner, next);
    parts.push(
      `L${round(before.x)} ${round(before.y)}`,
      `Q${round(corner.x)} ${round(corner.y)} ${round(after.x)} ${round(after.y)}`,
    );
  }
  return parts.join('');
}

function towards(corner: Point, other: Point): Point {
  return {
    x: corner.x + Math.sign(other.x - corner.x) * BEND,
    y: corner.y + Math.sign(other.y - corner.y) * BEND,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
