/** What a run adds to the log of `--joblog`. */

import type { RunHeader } from '../journal/run-header.ts';
import { describerOf } from './describe.ts';
import type { RunFlags } from './flags.ts';
import type { ItemAttempt } from './item-attempt.ts';
import { type AttemptOutcome, JobLog } from './output/joblog.ts';

/** A log, if there is one at all. */
export interface RunLog {
  /** Adds the last attempt of an item. */
  add(attempt: ItemAttempt, outcome: AttemptOutcome): void;
  close(): void;
}

export function openRunLog(header: RunHeader, { joblog }: RunFlags, isResumed: boolean): RunLog {
  if (joblog === undefined) return { add() {}, close() {} };
  const isAppended = joblog.startsWith('+');
  const log = new JobLog(isAppended ? joblog.slice(1) : joblog, isAppended || isResumed);
  const describe = describerOf(header);
  return {
    add({ item, index, slot, begunAt: startedAt, endedAt, output }, outcome) {
      const place = index + 1;
      const text = describe(item, place, slot);
      log.add({ place, startedAt, endedAt, outcome, received: output.lengthOf('stdout'), text });
    },
    close: () => log.close(),
  };
}
