/** Sorts rows by the values of a column. */

/**
 * @param keyOf returns the value to sort by; called once per row. Rows with equal values keep their order.
 */
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
