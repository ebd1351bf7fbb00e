/** Splits lines into columns. */

/**
 * Splits each item into columns, so that items become lists. Values of items that are lists already are split in
 * place.
 *
 * @param separator a regular expression.
 */
export async function* columnsOf(
  batches: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
  separator: string,
): AsyncGenerator<readonly unknown[]> {
  const pattern = new RegExp(separator, 'u');
  const split = (value: unknown) => String(value).split(pattern);
  for await (const items of batches) {
    yield items.map((item) => (Array.isArray(item) ? item.flatMap(split) : split(item)));
  }
}
