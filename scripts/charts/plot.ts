/** Plots curves over time, one below the other, as an SVG picture for light and dark pages. */

export interface Curve {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** A second, dashed curve, which the first should follow. */
  readonly beside?: { readonly name: string; readonly values: readonly number[] };
}

const WIDTH = 760;
const HEIGHT = 130;
const GAP = 34;
const LEFT = 62;
const RIGHT = 20;
const TOP = 34;
const BOTTOM = 36;

const STYLE = `
    .page { fill: #ffffff; stroke: #d0d7de; }
    .grid { stroke: #d0d7de; stroke-width: 1; }
    .curve { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round; }
    .beside { fill: none; stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 5 4; }
    text { font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; font-size: 12px; }
    .title { fill: #1f2328; font-weight: 600; }
    .tick { fill: #59636e; }
    .of-curve { fill: #0969da; }
    .of-beside { fill: #bc4c00; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; stroke: #3d444d; }
      .grid { stroke: #3d444d; }
      .curve { stroke: #58a6ff; }
      .beside { stroke: #f0883e; }
      .title { fill: #f0f6fc; }
      .tick { fill: #9198a1; }
      .of-curve { fill: #58a6ff; }
      .of-beside { fill: #f0883e; }
    }`;

/**
 * @param seconds the times of the values, evenly spaced.
 */
export function plotOf(
  title: string,
  seconds: readonly number[],
  curves: readonly Curve[],
): string {
  const height = TOP + curves.length * (HEIGHT + GAP) - GAP + BOTTOM;
  const last = seconds.at(-1) ?? 1;
  const x = (second: number) => LEFT + ((WIDTH - LEFT - RIGHT) * second) / last;
  const bottom = height - BOTTOM;
  const times = ticks(last).map((second) => {
    const at = round(x(second));
    return `<text class="tick" x="${at}" y="${bottom + 18}" text-anchor="middle">${second} s</text>`;
  });
  const rows = curves.flatMap((curve, index) =>
    drawRow(curve, TOP + index * (HEIGHT + GAP), x, seconds),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
  <title>${title}</title>
  <style>${STYLE}
  </style>
  <rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${[...rows, ...times].map((line) => `  ${line}`).join('\n')}
</svg>
`;
}

function drawRow(
  { name, unit, values, beside }: Curve,
  top: number,
  x: (second: number) => number,
  seconds: readonly number[],
): string[] {
  const marks = ticks(Math.max(...values, ...(beside?.values ?? [])));
  const most = marks.at(-1) ?? 1;
  const y = (value: number) => top + HEIGHT - (HEIGHT * value) / most;
  const grid = marks.flatMap((mark) => [
    `<path class="grid" d="M${LEFT} ${round(y(mark))}H${WIDTH - RIGHT}"/>`,
    `<text class="tick" x="${LEFT - 8}" y="${round(y(mark) + 4)}" text-anchor="end">${mark}</text>`,
  ]);
  const path = (kind: string, line: readonly number[]) => {
    const points = line.map(
      (value, index) => `${round(x(seconds[index] ?? 0))} ${round(y(value))}`,
    );
    return `<path class="${kind}" d="M${points.join('L')}"/>`;
  };
  const label = (kind: string, text: string, at: number, anchor: string) =>
    `<text class="${kind}" x="${at}" y="${top - 10}" text-anchor="${anchor}">${text}</text>`;
  const legend =
    beside === undefined
      ? []
      : [
          label('of-beside', `– – ${beside.name}`, WIDTH - RIGHT, 'end'),
          path('beside', beside.values),
        ];
  return [
    ...grid,
    label('title', `${name}, ${unit}`, LEFT, 'start'),
    ...legend,
    path('curve', values),
  ];
}

/** Values from 0 to at least the given one, in round steps, six at most. */
function ticks(most: number): number[] {
  const rough = Math.max(most, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
