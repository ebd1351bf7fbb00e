/** Events as a pool has them in memory, on their way to a store that makes no objects of them. */

import type { ColumnVisitor, EventRing } from './event-ring.ts';

/** At least one event, all of one pool and in a row. */
export interface EventColumns {
  readonly pool: string;
  /** The `seq` of the first one. */
  readonly first: number;
  readonly count: number;
  /** When the first one was recorded. */
  readonly at: number;
  /** Visits them in their order. */
  visit(visitor: ColumnVisitor): void;
}

/** Events of a ring that holds them. */
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
