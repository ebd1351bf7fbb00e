/** Boxes in columns, with a place in between for each arc that passes a column. */

/** A box, or the place where an arc passes a column. */
export interface Cell {
  /** Undefined where an arc passes. */
  readonly id: string | undefined;
  readonly layer: number;
  /** How much room it takes across the columns. */
  size: number;
  /** Its middle. */
  at: number;
}

/** A part of an arc: from a column to the next one. */
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

/** @param sizes of the boxes, in the order in which they are read. */
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

/** Sorts each column by what its boxes are connected to, and keeps the best order that was seen. */
function untangle({ layers, segments }: Layers): Layers {
  let best = layers.map((layer) => [...layer]);
  let least = crossings(best, segments);
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : [...layers].reverse())
      sortLayer(layer, layers, segments, isDown);
    const now = crossings(layers, segments);
    if (now >= least) continue;
    least = now;
    best = layers.map((layer) => [...layer]);
  }
  return { layers: best, segments };
}

function sortLayer(
  layer: Cell[],
  layers: readonly Cell[][],
  segments: readonly Segment[],
  isDown: boolean,
): void {
  const weights = new Map(
    layer.map((cell, place) => {
      const others = segments.flatMap(({ low, high }) => {
        if (isDown) return high === cell ? [low] : [];
        return low === cell ? [high] : [];
      });
      const places = others.map((other) => layers[other.layer]?.indexOf(other) ?? 0);
      const mean = places.reduce((sum, each) => sum + each, 0) / places.length;
      return [cell, places.length === 0 ? place : mean];
    }),
  );
  layer.sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
}

function crossings(layers: readonly Cell[][], segments: readonly Segment[]): number {
  const place = new Map(layers.flatMap((layer) => layer.map((cell, index) => [cell, index])));
  const at = (cell: Cell): number => place.get(cell) ?? 0;
  let count = 0;
  segments.forEach((a, index) => {
    for (const b of segments.slice(index + 1)) {
      if (a.low.layer !== b.low.layer) continue;
      if ((at(a.low) - at(b.low)) * (at(a.high) - at(b.high)) < 0) count++;
    }
  });
  return count;
}
