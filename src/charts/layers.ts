/** Boxes in columns, with a cell for each arc that passes a column. */

/** A box, or the point where an arc passes a column. */
export interface Cell {
  /** Undefined where an arc passes. */
  readonly id: string | undefined;
  readonly layer: number;
  /** Its extent across the columns. */
  size: number;
  /** The position of its middle. */
  at: number;
}

/** A segment of an arc, from a column to the next one. */
export interface Segment {
  readonly arc: number;
  readonly low: Cell;
  readonly high: Cell;
}

export interface Layers {
  readonly layers: Cell[][];
  readonly segments: readonly Segment[];
}

export interface RankedArc {
  readonly from: string;
  readonly to: string;
}

const PASSING = 10;

/**
 * @param sizes of the boxes, in reading order.
 */
export function layersOf(
  sizes: ReadonlyMap<string, number>,
  arcs: readonly RankedArc[],
  ranks: ReadonlyMap<string, number>,
): Layers {
  const layers: Cell[][] = [];
  const add = (id: string | undefined, layer: number, size: number): Cell => {
    while (layers.length <= layer) layers.push([]);
    const cell = { id, layer, size, at: 0 };
    layers[layer]?.push(cell);
    return cell;
  };
  const cells = new Map<string, Cell>();
  for (const [id, size] of sizes) cells.set(id, add(id, ranks.get(id) ?? 0, size));
  const segments = arcs.flatMap(({ from, to }, arc) => {
    const ends = [cells.get(from), cells.get(to)].filter((cell) => cell !== undefined);
    const [low, high] = ends.sort((a, b) => a.layer - b.layer);
    if (low === undefined || high === undefined) return [];
    const chain = [low];
    for (let layer = low.layer + 1; layer < high.layer; layer++) {
      chain.push(add(undefined, layer, PASSING));
    }
    chain.push(high);
    return chain.slice(1).map((cell, place) => ({ arc, low: chain[place] as Cell, high: cell }));
  });
  return untangle({ layers, segments });
}

const SWEEPS = 8;

/** Sorts each column by the positions of connected boxes, and keeps the order with the fewest crossings. */
function untangle({ layers, segments }: Layers): Layers {
  const ends = endsOf(segments);
  const places = new Map<Cell, number>();
  for (const layer of layers) note(layer, places);
  let best = layers.map((layer) => [...layer]);
  let least = crossings(layers.length, segments, places);
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      const others = isDown ? ends.below : ends.above;
      const weights = new Map(layer.map((cell) => [cell, weightOf(cell, others, places)]));
      layer.sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
      note(layer, places);
    }
    const now = crossings(layers.length, segments, places);
    if (now >= least) continue;
    least = now;
    best = layers.map((layer) => [...layer]);
  }
  return { layers: best, segments };
}

type Neighbours = ReadonlyMap<Cell, readonly Cell[]>;

/** The connected cells of each cell in earlier and in later columns. */
function endsOf(segments: readonly Segment[]): { below: Neighbours; above: Neighbours } {
  const [below, above] = [new Map<Cell, Cell[]>(), new Map<Cell, Cell[]>()];
  const add = (map: Map<Cell, Cell[]>, cell: Cell, other: Cell): void => {
    const others = map.get(cell);
    if (others === undefined) map.set(cell, [other]);
    else others.push(other);
  };
  for (const { low, high } of segments) {
    add(below, high, low);
    add(above, low, high);
  }
  return { below, above };
}

function note(layer: readonly Cell[], places: Map<Cell, number>): void {
  layer.forEach((cell, place) => {
    places.set(cell, place);
  });
}

/** The mean position of connected cells; without any, its own position. */
function weightOf(cell: Cell, ends: Neighbours, places: ReadonlyMap<Cell, number>): number {
  const others = ends.get(cell) ?? [];
  if (others.length === 0) return places.get(cell) ?? 0;
  return others.reduce((sum, other) => sum + (places.get(other) ?? 0), 0) / others.length;
}

/** The number of pairs of arcs that cross between two columns. */
function crossings(
  numLayers: number,
  segments: readonly Segment[],
  places: ReadonlyMap<Cell, number>,
): number {
  const gaps: (readonly [low: number, high: number])[][] = Array.from(
    { length: numLayers },
    () => [],
  );
  for (const { low, high } of segments) {
    if (low.layer === high.layer) continue;
    gaps[low.layer]?.push([places.get(low) ?? 0, places.get(high) ?? 0]);
  }
  return gaps.reduce((sum, pairs) => sum + inversions(pairs), 0);
}

/** The number of pairs in a different order at their ends, counted with a Fenwick tree. */
function inversions(pairs: (readonly [low: number, high: number])[]): number {
  if (pairs.length < 2) return 0;
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const size = Math.max(...pairs.map(([, high]) => high)) + 1;
  const sums = new Uint32Array(size + 1);
  let count = 0;
  pairs.forEach(([, high], seen) => {
    let upTo = 0;
    for (let at = high + 1; at > 0; at -= at & -at) upTo += sums[at] as number;
    count += seen - upTo;
    for (let at = high + 1; at <= size; at += at & -at) sums[at] = (sums[at] as number) + 1;
  });
  return count;
}
