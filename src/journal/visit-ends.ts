/** Visits the ends of attempts in columns, for most of them without creating an object. */

import { Code, decode } from '../events/event-codes.ts';
import {
  type EndedTask,
  hasTimes,
  OUTCOMES,
  outcomeIn,
  ranIn,
  waitedIn,
} from '../events/event-columns.ts';
import type { Outcome, PoolEvent } from '../events/events.ts';
import type { EventColumns } from './columns.ts';

const { taskEnded, taskFailed, taskPlaced } = Code;

/** Receives the ends of attempts. */
export interface EndsVisitor {
  /** A task has ended with its first attempt and without an error. Times are in milliseconds. */
  ended(group: string, outcome: Outcome, waited: number, ran: number): void;
  /** Any other `task.ended`, a `task.failed` or a `task.placed`. */
  other(event: PoolEvent): void;
}

/** Visits the ends of attempts, and the starts of remote functions, in the order of the events. */
export function visitEnds(events: EventColumns, visitor: EndsVisitor): void {
  let seq = events.first - 1;
  events.visit((at, code, id, n, detail) => {
    seq++;
    if (code === taskEnded && hasTimes(n) && (detail as EndedTask).attempt === undefined) {
      const outcome = OUTCOMES[outcomeIn(n)] as Outcome;
      visitor.ended(
        (detail as EndedTask).name as string,
        outcome,
        waitedIn(n) / 1000,
        ranIn(n) / 1000,
      );
    } else if (code === taskEnded || code === taskFailed || code === taskPlaced) {
      visitor.other(decode(events.pool, seq, at, code, id, n, detail));
    }
  });
}
