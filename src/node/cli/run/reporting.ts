/** How an item at work puts into the journal what it came to. */

import { setTimeout as delay } from 'node:timers/promises';
import type { EventHistory, Json, TaskContext } from '../../../index.ts';
import type { Journal } from '../journal/open-journal.ts';

/** Reports one thing after the other; resolves when the next thing may be begun. */
export type Report = (reports: Iterable<Json>) => Promise<void>;

/** How often to look whether the journal has taken what was reported, in milliseconds. */
const LOOK = 2;

/** Of a run without a journal: nobody asks for more than the last report. */
export function reportLast({ report }: Pick<TaskContext, 'report'>): Report {
  return async (reports) => {
    let last: Json | undefined;
    for (const each of reports) last = each;
    if (last !== undefined) report(last);
  };
}

/**
 * Of a run with a journal. What is reported in parts is never in memory as a whole: the next part is
 * made when the journal has the one before.
 *
 * @param isOver whether the journal takes nothing more.
 */
export function reportAll(
  { report }: Pick<TaskContext, 'report'>,
  journal: Journal,
  history: EventHistory,
  isOver: () => boolean,
): Report {
  return async (reports) => {
    let isFirst = true;
    for (const each of reports) {
      const { nextSeq } = history;
      while (!isFirst && journal.nextSeq < nextSeq && !isOver()) await delay(LOOK);
      report(each);
      isFirst = false;
    }
  };
}
