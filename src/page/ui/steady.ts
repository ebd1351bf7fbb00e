/** Keeps rows in place while the pointer is over them, so that nothing moves away under a click. */

import { useRef, useState } from 'preact/hooks';

/** The maximum number of removed rows that are kept in place; beyond it the rows are shown as they are. */
const MOST_KEPT = 1000;

interface Hover {
  readonly isOver: boolean;
  /** Event handlers for the element around the rows. */
  readonly handlers: { readonly onPointerEnter: () => void; readonly onPointerLeave: () => void };
}

/** Tracks whether the pointer is over an element. */
export function useHover(): Hover {
  const [isOver, setOver] = useState(false);
  const handlers = {
    onPointerEnter: () => setOver(true),
    onPointerLeave: () => setOver(false),
  };
  return { isOver, handlers };
}

/** The options of `useSteady`. */
interface Steadiness<T> {
  /** Returns what identifies a row. */
  readonly keyOf: (row: T) => unknown;
  /** Whether the rows are currently kept in place. */
  readonly isHeld: boolean;
  /** What the rows were filtered and sorted by: when it changes, they are shown as they are. */
  readonly query?: string;
}

/** The rows as given, or while they are held, in the order in which they were before. */
export function useSteady<T>(given: readonly T[], steadiness: Steadiness<T>): readonly T[] {
  const { keyOf, isHeld, query = '' } = steadiness;
  const before = useRef({ query, rows: given });
  const isSame = isHeld && before.current.query === query;
  const rows = isSame ? inOrderOf(before.current.rows, given, keyOf) : given;
  before.current = { query, rows };
  return rows;
}

/** Removed rows stay, and new ones are appended. */
function inOrderOf<T>(
  before: readonly T[],
  given: readonly T[],
  keyOf: (row: T) => unknown,
): readonly T[] {
  const left = new Map(given.map((row) => [keyOf(row), row]));
  const rows = before.map((row) => {
    const key = keyOf(row);
    const now = left.get(key) ?? row;
    left.delete(key);
    return now;
  });
  rows.push(...left.values());
  return rows.length > given.length + MOST_KEPT ? given : rows;
}
