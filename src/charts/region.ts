/**
 * Lays out the states of one region in columns, with channels for arcs in between. `main` is the direction in which
 * columns follow each other, `cross` the perpendicular one, so that the same code lays a region out to the right and
 * downwards.
 */

import { lanesOf } from './channel.ts';
import { type Cell, layersOf, type Segment } from './layers.ts';
import { type End, portsOf, sideFor } from './ports.ts';
import { spread } from './spread.ts';

export interface Place {
  readonly main: number;
  readonly cross: number;
}

export interface Box extends Place {
  readonly id: string;
}

export interface RegionArc {
  readonly from: string;
  readonly to: string;
  /** The position of a nested state at the end, relative to the start of the box. */
  readonly fromInside?: number | undefined;
  readonly toInside?: number | undefined;
  /** The size of its label; 0 without one. */
  readonly label: Place;
}

export interface RegionOptions {
  /** The column of each box. */
  readonly ranks: ReadonlyMap<string, number>;
  /** The position of an arc's line within the extent of its label. */
  lineAt(label: Place): number;
}

export interface LaidRegion extends Place {
  /** The corner and size of each box, which may have grown. */
  readonly boxes: ReadonlyMap<string, Place & { readonly size: Place }>;
  /** The points from start to end of each arc, and the start of its label. */
  readonly arcs: readonly { readonly points: readonly Place[]; readonly label: Place }[];
}

const GAP = 16;
const LANE = 8;
const ARROW = 15;
/** The distance from a box to the label of an arc that leaves it. */
const LABEL = 5;
const PLAIN_END = 12;
const ROUNDS = 12;

export function layRegion(
  boxes: readonly Box[],
  arcs: readonly RegionArc[],
  options: RegionOptions,
): LaidRegion {
  const sizes = new Map(boxes.map(({ id, cross }) => [id, cross]));
  const { layers, segments } = layersOf(sizes, arcs, options.ranks);
  const ends = endsOf(arcs, segments, options);
  grow(layers.flat(), [...ends.values()].flat());
  settle(layers, segments);
  const ports = portsOf(aim([...ends.values()].flat(), segments, ends));
  return draw({ boxes, arcs, layers, segments, ends, ports });
}

/** The two ends of each segment of an arc; where an arc passes a column, it has no port. */
type Ends = Map<Segment, [End, End]>;

function endsOf(
  arcs: readonly RegionArc[],
  segments: readonly Segment[],
  { lineAt }: RegionOptions,
): Ends {
  const labelled = new Set<number>();
  return new Map(
    segments.map((segment) => {
      const { arc, low, high } = segment;
      const { from, fromInside, toInside, label } = arcs[arc] as RegionArc;
      const isForward = low.id === from || (low.id === undefined && high.id !== from);
      const isNew = !labelled.has(arc);
      labelled.add(arc);
      const isBeside = low.layer === high.layer;
      const extent = Math.max(PLAIN_END, isNew ? label.cross : 0);
      const line = isNew && label.cross > 0 ? lineAt({ ...label, cross: extent }) : extent / 2;
      const lowInside = isForward ? fromInside : toInside;
      const highInside = isForward ? toInside : fromInside;
      const start: End = { cell: low, side: 'out', extent, line, goal: 0, fixed: lowInside };
      const end: End = {
        cell: high,
        side: isBeside ? 'out' : 'in',
        extent: PLAIN_END,
        line: PLAIN_END / 2,
        goal: 0,
        fixed: highInside,
      };
      return [segment, [start, end]];
    }),
  );
}

/** Grows boxes to the size that their arcs need. */
function grow(cells: readonly Cell[], ends: readonly End[]): void {
  const mine = new Map(cells.map((cell): [Cell, End[]] => [cell, []]));
  for (const end of ends) mine.get(end.cell)?.push(end);
  for (const [cell, its] of mine) {
    if (cell.id !== undefined) cell.size = Math.max(cell.size, sideFor(its));
  }
}

/** Moves boxes across the columns towards their connected boxes. */
function settle(layers: readonly Cell[][], segments: readonly Segment[]): void {
  const near = new Map<Cell, Cell[]>(layers.flat().map((cell) => [cell, []]));
  for (const { low, high } of segments) {
    if (low.layer === high.layer) continue;
    near.get(low)?.push(high);
    near.get(high)?.push(low);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const layer of round % 2 === 0 ? layers : [...layers].reverse()) {
      const wishes = layer.map((cell) => {
        const others = near.get(cell) ?? [];
        const sum = others.reduce((total, { at }) => total + at, 0);
        return { at: others.length === 0 ? cell.at : sum / others.length, size: cell.size };
      });
      spread(wishes, () => GAP).forEach((at, place) => {
        (layer[place] as Cell).at = at;
      });
    }
  }
}

/** Sets the goal of each end to the other end of its segment. */
function aim(all: End[], segments: readonly Segment[], ends: Ends): End[] {
  for (const segment of segments) {
    const [start, end] = ends.get(segment) as [End, End];
    const isBeside = segment.low.layer === segment.high.layer;
    const isSelf = segment.low === segment.high;
    start.goal = segment.high.at - (isSelf ? 1 : 0);
    end.goal = segment.low.at + (isSelf ? 1 : 0);
    // An arc to the box below leaves last, and arrives first.
    if (isBeside && !isSelf) start.goal = segment.high.at * 1e3;
    if (isBeside && !isSelf) end.goal = segment.low.at * 1e3;
  }
  return all;
}

interface Prepared {
  readonly boxes: readonly Box[];
  readonly arcs: readonly RegionArc[];
  readonly layers: readonly Cell[][];
  readonly segments: readonly Segment[];
  readonly ends: Ends;
  readonly ports: ReadonlyMap<End, number>;
}

function draw({ boxes, arcs, layers, segments, ends, ports }: Prepared): LaidRegion {
  const mains = new Map(boxes.map(({ id, main }) => [id, main]));
  const widths = layers.map((layer) =>
    Math.max(0, ...layer.map(({ id }) => mains.get(id ?? '') ?? 0)),
  );
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { at, size } of layers.flat()) {
    top = Math.min(top, at - size / 2);
    bottom = Math.max(bottom, at + size / 2);
  }
  const layerOf = new Map(layers.flat().map(({ id, layer }) => [id, layer]));
  const points: Place[][] = arcs.map(() => []);
  const labels: Place[] = arcs.map(() => ({ main: 0, cross: 0 }));
  const lefts: number[] = [];
  const starts = startsOf(segments);
  const leaving = layers.map((): Segment[] => []);
  for (const segment of segments) leaving[segment.low.layer]?.push(segment);
  let main = 0;
  layers.forEach((_, layer) => {
    lefts.push(main);
    const width = widths[layer] ?? 0;
    const right = main + width;
    const here = leaving[layer] ?? [];
    const first = here.filter((segment) => starts.has(segment));
    const zone = Math.max(0, ...first.map(({ arc }) => (arcs[arc] as RegionArc).label.main));
    const heights = here.map((segment) => {
      const [start, end] = ends.get(segment) as [End, End];
      return { from: portOf(start, ports), to: portOf(end, ports) };
    });
    const lanes = lanesOf(heights);
    const numLanes = Math.max(0, ...lanes.map((lane) => (lane ?? -1) + 1));
    const start = right + (zone > 0 ? zone + 2 * LABEL : 0) + (numLanes > 0 ? LANE : 0);
    const isLast = layer === layers.length - 1;
    const next = isLast && here.length === 0 ? right : start + numLanes * LANE + ARROW;
    here.forEach((segment, place) => {
      const { from, to } = heights[place] as { from: number; to: number };
      const lane = lanes[place];
      const turn = lane === undefined ? undefined : start + lane * LANE;
      const isBeside = segment.low.layer === segment.high.layer;
      const begin = edgeOf(segment.low, main, mains, width);
      const beyond = isBeside ? edgeOf(segment.high, main, mains, width) : next;
      const path = [{ main: begin, cross: from - top }];
      if (turn !== undefined)
        path.push({ main: turn, cross: from - top }, { main: turn, cross: to - top });
      path.push({ main: beyond, cross: to - top });
      points[segment.arc]?.push(...path);
      if (starts.has(segment)) {
        labels[segment.arc] = { main: right + LABEL, cross: from - top };
      }
    });
    main = next;
  });
  const placed = new Map(
    layers.flat().flatMap((cell) => {
      if (cell.id === undefined) return [];
      const size = { main: mains.get(cell.id) ?? 0, cross: cell.size };
      const cross = cell.at - cell.size / 2 - top;
      return [[cell.id, { main: lefts[cell.layer] ?? 0, cross, size }] as const];
    }),
  );
  return {
    main,
    cross: bottom - top,
    boxes: placed,
    arcs: arcs.map(({ from, to }, index) => {
      const isBack = (layerOf.get(from) ?? 0) > (layerOf.get(to) ?? 0);
      const path = points[index] ?? [];
      return { points: isBack ? path.reverse() : path, label: labels[index] as Place };
    }),
  };
}

/** The first segment of each arc, where its label is placed. */
function startsOf(segments: readonly Segment[]): ReadonlySet<Segment> {
  const firsts = new Map<number, Segment>();
  for (const segment of segments) {
    if (!firsts.has(segment.arc)) firsts.set(segment.arc, segment);
  }
  return new Set(firsts.values());
}

function portOf(end: End, ports: ReadonlyMap<End, number>): number {
  return end.cell.id === undefined ? end.cell.at : (ports.get(end) ?? end.cell.at);
}

/** The edge of a box; passing arcs start at the edge of the widest box. */
function edgeOf(
  { id }: Cell,
  main: number,
  mains: ReadonlyMap<string, number>,
  width: number,
): number {
  return main + (id === undefined ? 0 : (mains.get(id) ?? width));
}
