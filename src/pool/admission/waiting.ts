/** Lanes and bays in their lines, in which they have the places of their first tasks. */

import type { LineEntry, OrderedLine } from '../../kit/ordered-line.ts';

/** An entry of a line that has the place of its first task. */
export abstract class Waiting<E extends Waiting<E>> implements LineEntry<E> {
  score = 0;
  arrival = 0;
  place = -1;
  previous: E | undefined = undefined;
  next: E | undefined = undefined;

  /** Sets its place in the order. */
  standAt(score: number, arrival: number): void {
    this.score = score;
    this.arrival = arrival;
  }
}

/** Moves an entry to another place in its line. */
export function move<E extends Waiting<E>>(
  entry: E,
  line: OrderedLine<E>,
  score: number,
  arrival: number,
): void {
  if (entry.score === score && entry.arrival === arrival) return;
  // The only entry of a line, as at most keys, needs no reordering.
  const shared = line.length > 1 ? line : undefined;
  shared?.remove(entry);
  entry.standAt(score, arrival);
  shared?.push(entry);
}
