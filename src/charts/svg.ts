/** A drawing as a self-contained SVG file for any viewer. */

import type { Drawing, PlacedArc, PlacedState } from './drawing.ts';
import type { Sides } from './geometry.ts';
import { type ArcLook, type Shape, type StateLook, shapesOf } from './picture.ts';

export interface SvgOptions {
  /** The title, for screen readers. */
  readonly title: string;
  /** The colour scheme; `both` follows the page that shows it. Default: `both`. */
  readonly scheme?: 'light' | 'dark' | 'both';
  readonly stateLook?: (placed: PlacedState) => StateLook;
  readonly arcLook?: (arc: PlacedArc) => ArcLook;
}

/** The colours of the pages by purpose, as plain values that every viewer supports. */
const LIGHT = {
  page: '#ffffff',
  edge: '#e4e4e0',
  box: '#ffffff',
  whole: '#f9f9f8',
  lit: '#f2f7fc',
  border: '#c6c9cc',
  ink: '#1c1e21',
  soft: '#5b6067',
  arc: '#9aa0a6',
  running: '#1f77d0',
  accent: '#0b62c4',
  rejected: '#d1495b',
  bad: '#b52a3d',
};

const DARK: typeof LIGHT = {
  page: '#1a1d21',
  edge: '#2b2f35',
  box: '#1a1d21',
  whole: '#1e2226',
  lit: '#1d252e',
  border: '#4a5058',
  ink: '#e8eaed',
  soft: '#a2a9b1',
  arc: '#6d747c',
  running: '#4da3ff',
  accent: '#6cb2ff',
  rejected: '#ff7285',
  bad: '#ff7285',
};

/** The chart as an SVG file. */
export function svgOf(drawing: Drawing, options: SvgOptions): string {
  const { stateLook, arcLook, ...rest } = options;
  return svgFile(shapesOf(drawing, stateLook, arcLook), drawing, rest);
}

/** Shapes as an SVG file. */
export function svgFile(
  shapes: readonly Shape[],
  { width, height }: Sides,
  { title, scheme = 'both' }: Pick<SvgOptions, 'title' | 'scheme'>,
): string {
  const page = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8, class: 'page' };
  const inside: Shape[] = [
    { tag: 'title', attributes: {}, inside: title },
    { tag: 'style', attributes: {}, inside: styleOf(scheme) },
    { tag: 'rect', attributes: page },
    ...shapes,
  ];
  return `${textOf({
    tag: 'svg',
    attributes: {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': title,
    },
    inside,
  })}\n`;
}

function styleOf(scheme: 'light' | 'dark' | 'both'): string {
  const form = `
    text { font: 10px system-ui, Segoe UI, sans-serif; }
    .name { font-size: 12px; }
    .note, .line { font-size: 10.5px; }
    .whole .name, .active .name, .line.hot { font-weight: 600; }
    .box.parallel { stroke-dasharray: 4 3; }
    .inner, .arc path, .start path { fill: none; }
    .arc path, .start path { stroke-width: 1.1; }
    .arc text { paint-order: stroke; stroke-width: 3px; }
    .active .box { stroke-width: 1.4; }
    .call path { fill: none; stroke-width: 1.2; }`;
  const light = colorsOf(LIGHT);
  const dark = colorsOf(DARK);
  if (scheme === 'light') return form + light;
  if (scheme === 'dark') return form + dark;
  return `${form}${light}
    @media (prefers-color-scheme: dark) {${dark.replaceAll('\n', '\n  ')}
    }`;
}

function colorsOf(colors: typeof LIGHT): string {
  const { page, edge, box, whole, lit, border, ink, soft, arc, running } = colors;
  const { accent, rejected, bad } = colors;
  return `
    .page { fill: ${page}; stroke: ${edge}; }
    .box { fill: ${box}; stroke: ${border}; }
    .inner { stroke: ${border}; }
    .whole .box { fill: ${whole}; }
    .name { fill: ${ink}; }
    .line, .note, .arc text { fill: ${soft}; }
    .arc path, .start path { stroke: ${arc}; }
    .arc text { stroke: ${page}; }
    .start circle, #head path { fill: ${arc}; }
    .line.hot { fill: ${accent}; }
    .active .box { stroke: ${running}; }
    .active.whole .box { fill: ${lit}; }
    .arc.hot path { stroke: ${running}; }
    .arc.hot text { fill: ${ink}; }
    #head-hot path { fill: ${running}; }
    .call text { fill: ${ink}; }
    .call path { stroke: ${running}; }
    .call .head { fill: ${running}; }
    .call.failed text { fill: ${bad}; }
    .call.failed path { stroke: ${rejected}; }
    .call.failed .head { fill: ${rejected}; }
    .life { stroke: ${edge}; }`;
}

function textOf({ tag, attributes, inside = [] }: Shape, indent = ''): string {
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const start = `${indent}<${tag}${pairs.join('')}`;
  if (typeof inside === 'string') return `${start}>${escaped(inside)}</${tag}>`;
  if (inside.length === 0) return `${start}/>`;
  const lines = inside.map((shape) => textOf(shape, `${indent}  `));
  return `${start}>\n${lines.join('\n')}\n${indent}</${tag}>`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are.
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/** Escapes text, and drops characters that XML does not allow. */
function escaped(value: string | number): string {
  return String(value)
    .replace(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
