/** Packs several items into one, so that one command takes them all. */

import { textOf } from '../work/work.ts';

export interface Packing {
  /** The maximum number of items. With 0 a command gets none. */
  readonly count?: number;
  /** Whether all items replace their placeholder together; otherwise the word around it is repeated. */
  readonly isTogether?: boolean;
  /** Set if as many items are packed as a command line holds. */
  readonly fill?: {
    /** The maximum total length in bytes. */
    readonly bytes: number;
    /** How many times the command contains each item. */
    readonly times: number;
    /** Additional bytes per item. */
    readonly overhead: number;
    /** The number of commands over which the last items are spread. */
    readonly spread: number;
  };
}

/** The corresponding options. */
export function describePacking({ count, fill, isTogether = false }: Packing): string {
  const full = isTogether ? '-m' : '-X';
  return [...(count === undefined ? [] : [`-N ${count}`]), ...(fill ? [full] : [])].join(' ');
}

/** Packs items into lists. */
export async function* packed(
  batches: AsyncIterable<readonly unknown[]>,
  { count = Number.POSITIVE_INFINITY, fill }: Packing,
): AsyncGenerator<readonly unknown[]> {
  const most = fill?.bytes ?? Number.POSITIVE_INFINITY;
  const lengthOf = (item: unknown) =>
    fill === undefined ? 0 : Buffer.byteLength(textOf(item)) * fill.times + fill.overhead;
  let pack: unknown[] = [];
  let bytes = 0;
  for await (const items of batches) {
    const full: (readonly unknown[])[] = [];
    for (const item of items) {
      const length = lengthOf(item);
      if (pack.length > 0 && (pack.length >= count || bytes + length > most)) {
        full.push(pack);
        pack = [];
        bytes = 0;
      }
      pack.push(item);
      bytes += length;
    }
    yield full;
  }
  yield spread(pack, fill?.spread ?? 1);
}

/** Spreads the last items so that every worker gets some. */
function spread(items: readonly unknown[], workers: number): (readonly unknown[])[] {
  const each = Math.max(1, Math.ceil(items.length / workers));
  const packs: (readonly unknown[])[] = [];
  for (let at = 0; at < items.length; at += each) packs.push(items.slice(at, at + each));
  return packs;
}
