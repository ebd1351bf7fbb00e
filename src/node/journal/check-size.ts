/** How much may be appended at once. */

import type { Batch } from './file-medium.ts';

/** What a batch may hold, in characters: JavaScript has no strings of twice the length. */
const LARGEST = 2 ** 28;

/** @throws RangeError unless a batch can be stored and read as one text. */
export function checkSize({ context, rows }: Batch): void {
  let size = context.length;
  for (const row of rows) size += row.length + 1;
  if (size <= LARGEST) return;
  const [limit, got] = [LARGEST, size].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
  throw new RangeError(
    `expected a batch of up to ${limit}, got ${rows.length} events of ${got}: append it in parts`,
  );
}
