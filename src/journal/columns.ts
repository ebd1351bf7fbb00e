/** Events in columns, as a pool has them in memory, for readers and stores that need no object for each. */

import type { ColumnVisitor, EventRing } from './event-ring.ts';

/** One or more consecutive events of one pool. */
export interface EventColumns {
  /** The name of the pool. */
  readonly pool: string;
  /** The `seq` of the first one. */
  readonly first: number;
  /** How many events. */
  readonly count: number;
  /** When the first one was recorded: milliseconds since the epoch. */
  readonly at: number;
  /** Visits the events in order. */
  visit(visitor: ColumnVisitor): void;
}

/** Events in a ring. */
export class RingColumns implements EventColumns {
  readonly pool: string;
  readonly first: number;
  readonly count: number;
  readonly #ring: EventRing;

  constructor(ring: EventRing, pool: string, first: number, count: number) {
    this.#ring = ring;
    this.pool = pool;
    this.first = first;
    this.count = count;
  }

  get at(): number {
    return this.#ring.timeOf(this.first);
  }

  visit(visitor: ColumnVisitor): void {
    this.#ring.visit(this.first, this.first + this.count - 1, visitor);
  }
}
