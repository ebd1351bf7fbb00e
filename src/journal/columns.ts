/** Events in columns, as a pool has them in memory, for readers and stores that need no object for each. */

import type { EventCode } from '../events/event-codes.ts';
import { NUMBERS } from './chunk.ts';
import type { EventRing } from './event-ring.ts';

/** Receives the columns of an event. */
export type ColumnVisitor = (
  at: number,
  code: EventCode,
  id: number,
  n: number,
  detail: unknown,
) => void;

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
    const { numbers } = this.#ring.chunkOf(this.first);
    return numbers[NUMBERS * this.#ring.placeOf(this.first)] as number;
  }

  visit(visitor: ColumnVisitor): void {
    visitRing(this.#ring, this.first, this.first + this.count - 1, visitor);
  }
}

/** Visits the columns of the events from `fromSeq` to `toSeq`, which must be held, without creating objects. */
export function visitRing(
  ring: EventRing,
  fromSeq: number,
  toSeq: number,
  visitor: ColumnVisitor,
): void {
  for (let seq = fromSeq; seq <= toSeq; ) {
    const { codes, numbers, details } = ring.chunkOf(seq);
    let place = ring.placeOf(seq);
    const end = Math.min(codes.length, place + toSeq - seq + 1);
    seq += end - place;
    for (; place < end; place++) {
      const first = NUMBERS * place;
      visitor(
        numbers[first] as number,
        codes[place] as EventCode,
        numbers[first + 1] as number,
        numbers[first + 2] as number,
        details[place],
      );
    }
  }
}
