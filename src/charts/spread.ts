/** Places items on a line, in order and without overlaps, as close to their preferred positions as possible. */

export interface Wish {
  /** The preferred position of the middle. */
  readonly at: number;
  /** The extent. */
  readonly size: number;
}

interface Block {
  sum: number;
  count: number;
}

/** Returns the middles: the least-squares solution without overlaps. */
export function spread(wishes: readonly Wish[], gapBefore: (index: number) => number): number[] {
  // After subtracting the extents of preceding items, positions only have to be in order.
  const offsets: number[] = [];
  wishes.forEach(({ size }, index) => {
    const before = wishes[index - 1];
    const last = offsets[index - 1];
    if (before === undefined || last === undefined) offsets.push(0);
    else offsets.push(last + (before.size + size) / 2 + gapBefore(index));
  });
  const blocks: Block[] = [];
  wishes.forEach(({ at }, index) => {
    let block = { sum: at - (offsets[index] ?? 0), count: 1 };
    for (let top = blocks.at(-1); top !== undefined; top = blocks.at(-1)) {
      if (top.sum / top.count <= block.sum / block.count) break;
      blocks.pop();
      block = { sum: top.sum + block.sum, count: top.count + block.count };
    }
    blocks.push(block);
  });
  const places = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  return places.map((place, index) => place + (offsets[index] ?? 0));
}
