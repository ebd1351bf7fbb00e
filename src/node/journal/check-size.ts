/** Limits the size of a batch. */

import type { Batch } from './file-medium.ts';

/** The maximum size in bytes: JavaScript strings cannot have twice as many characters. */
const LARGEST = 2 ** 28;

/**
 * @throws RangeError unless a batch can be stored and read as one string.
 */
export function checkSize({ context, count, rows }: Batch): void {
  const size = context.length + rows.length;
  if (size <= LARGEST) return;
  const [limit, got] = [LARGEST, size].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
  throw new RangeError(
    `expected a batch of up to ${limit}, got ${count} events of ${got}: append it in parts`,
  );
}
