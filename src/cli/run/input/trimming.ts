/** Removes white space around items. */

/** The sides: left, right, both, or none. */
export type Trim = 'l' | 'r' | 'lr' | 'n';

const AROUND: Readonly<Record<Trim, (text: string) => string>> = {
  l: (text) => text.trimStart(),
  r: (text) => text.trimEnd(),
  lr: (text) => text.trim(),
  n: (text) => text,
};

/** Trims items, and each value of items that are lists. */
export async function* trimmed(
  batches: AsyncIterable<readonly unknown[]>,
  trim: Trim,
): AsyncGenerator<readonly unknown[]> {
  const without = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(without);
    return typeof value === 'string' ? AROUND[trim](value) : value;
  };
  for await (const items of batches) yield items.map(without);
}
