/** Rows by what stands in a column. */

/** @param keyOf what they are sorted by; asked once for each row. Rows of which it is equal stay in their order. */
export function sortedBy<T>(
  rows: readonly T[],
  keyOf: (row: T) => number | string,
  isAscending: boolean,
): T[] {
  const direction = isAscending ? 1 : -1;
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  keyed.sort((a, b) => {
    if (a.key === b.key) return 0;
    return a.key < b.key ? -direction : direction;
  });
  return keyed.map(({ row }) => row);
}
