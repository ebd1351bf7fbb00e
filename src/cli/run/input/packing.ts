/** Many items as one, so that one command takes them all. */

import { textOf } from '../work/work.ts';

export interface Packing {
  /** How many at the most. With 0 a command gets none of its item. */
  readonly count?: number;
  /** Whether all stand where their placeholder does; otherwise the word around it is repeated. */
  readonly isTogether?: boolean;
  /** There if as many are taken as a command line holds. */
  readonly fill?: {
    /** The longest that they may be together, in bytes. */
    readonly bytes: number;
    /** How often the command has each of them. */
    readonly times: number;
    /** Bytes that the command takes for each besides. */
    readonly overhead: number;
    /** What is left at the end is spread over so many commands. */
    readonly spread: number;
  };
}

/** As options that ask for it. */
export function describePacking({ count, fill, isTogether = false }: Packing): string {
  const full = isTogether ? '-m' : '-X';
  return [...(count === undefined ? [] : [`-N ${count}`]), ...(fill ? [full] : [])].join(' ');
}

/** Items become lists of those that were packed together. */
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

/** The last items, so that every worker gets some. */
function spread(items: readonly unknown[], workers: number): (readonly unknown[])[] {
  const each = Math.max(1, Math.ceil(items.length / workers));
  const packs: (readonly unknown[])[] = [];
  for (let at = 0; at < items.length; at += each) packs.push(items.slice(at, at + each));
  return packs;
}
