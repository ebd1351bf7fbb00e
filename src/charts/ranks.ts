/** Assigns a column to each box: predecessors come first. */

export interface Arc {
  readonly from: string;
  readonly to: string;
}

/**
 * The rank of each box, from 0. Arcs that close a cycle count as reversed.
 *
 * @param first the box to start with.
 */
export function ranksOf(
  ids: readonly string[],
  arcs: readonly Arc[],
  first: string | undefined,
): Map<string, number> {
  const starts = first === undefined ? ids : [first, ...ids];
  const { order, back } = walk(starts, arcs);
  const ranks = new Map(ids.map((id) => [id, 0]));
  for (const id of order) {
    const next = (ranks.get(id) ?? 0) + 1;
    for (const arc of arcs) {
      if (arc.from !== id || back.has(arc)) continue;
      ranks.set(arc.to, Math.max(ranks.get(arc.to) ?? 0, next));
    }
  }
  return ranks;
}

/** Folds ranks back and forth, so that a long chain does not become a long line. */
export function folded(
  ranks: ReadonlyMap<string, number>,
  columns: number,
): ReadonlyMap<string, number> {
  return new Map(
    Array.from(ranks, ([id, rank]) => {
      const place = rank % columns;
      const isBack = Math.floor(rank / columns) % 2 === 1;
      return [id, isBack ? columns - 1 - place : place];
    }),
  );
}

/** A topological order of the boxes, and the arcs that had to be ignored for it. */
function walk(
  starts: readonly string[],
  arcs: readonly Arc[],
): { order: string[]; back: Set<Arc> } {
  const order: string[] = [];
  const back = new Set<Arc>();
  const seen = new Set<string>();
  const open = new Set<string>();
  const visit = (id: string): void => {
    seen.add(id);
    open.add(id);
    for (const arc of arcs) {
      if (arc.from !== id) continue;
      if (open.has(arc.to)) back.add(arc);
      else if (!seen.has(arc.to)) visit(arc.to);
    }
    open.delete(id);
    order.push(id);
  };
  for (const id of starts) if (!seen.has(id)) visit(id);
  return { order: order.reverse(), back };
}
