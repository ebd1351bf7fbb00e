/** Counts the items during the run, if the input can be read twice. */

import { statSync } from 'node:fs';
import { type Input, readItems } from './input.ts';
import { isFileSource } from './sources.ts';

/** Resolves with the number of items; undefined if the input cannot be read twice. */
export async function countItems(input: Input): Promise<number | undefined> {
  const files = input.sources.flatMap((source) => (isFileSource(source) ? source.files : []));
  if (!files.every(isFile)) return undefined;
  // Counting needs no parsing.
  const { shuffle: _, ...inOrder } = input;
  const lines: Input = input.format === 'jsonl' ? { ...inOrder, format: 'lines' } : inOrder;
  let count = 0;
  try {
    for await (const items of readItems(lines)) count += items.length;
  } catch {
    // The run itself reports the error when it reads the same input.
    return undefined;
  }
  return count;
}

function isFile(path: string): boolean {
  return path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
