/** Rows that stay where they are while the pointer is over them: nothing moves away under a click. */

import { useRef, useState } from 'preact/hooks';

/** So many rows that are there no more are kept; with more of them all are shown as they are. */
const MOST_KEPT = 1000;

interface Hover {
  readonly isOver: boolean;
  /** For the element around the rows. */
  readonly handlers: { readonly onPointerEnter: () => void; readonly onPointerLeave: () => void };
}

/** Whether the pointer is over an element. */
export function useHover(): Hover {
  const [isOver, setOver] = useState(false);
  const handlers = {
    onPointerEnter: () => setOver(true),
    onPointerLeave: () => setOver(false),
  };
  return { isOver, handlers };
}

/** What rows are steady by. */
interface Steadiness<T> {
  /** Tells rows apart. */
  readonly keyOf: (row: T) => unknown;
  /** Whether rows stay where they are at present. */
  readonly isHeld: boolean;
  /** What the rows are of: with anything else they are shown as they are. */
  readonly query?: string;
}

/** Rows in the order that they are in, or in which they were when they began to be held. */
export function useSteady<T>(given: readonly T[], steadiness: Steadiness<T>): readonly T[] {
  const { keyOf, isHeld, query = '' } = steadiness;
  const before = useRef({ query, rows: given });
  const isSame = isHeld && before.current.query === query;
  const rows = isSame ? inOrderOf(before.current.rows, given, keyOf) : given;
  before.current = { query, rows };
  return rows;
}

/** Those that are there no more stay, and those that are new come last. */
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
