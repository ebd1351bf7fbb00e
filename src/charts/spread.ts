/** Places things on a line, in their order and apart, as close to where they want to be as it goes. */

export interface Wish {
  /** Where its middle would best be. */
  readonly at: number;
  /** How much room it takes. */
  readonly size: number;
}

interface Block {
  sum: number;
  count: number;
}

/** The middles: the least squares under the condition that nothing overlaps. */
export function spread(wishes: readonly Wish[], gapBefore: (index: number) => number): number[] {
  // With the room that those before it take subtracted, they only have to be in order.
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
