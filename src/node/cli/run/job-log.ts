/** What a run adds to the log of `--joblog`. */

import type { RunHeader } from '../journal/run-header.ts';
import type { AttemptOptions } from './attempts.ts';
import { describerOf } from './describe.ts';
import type { RunFlags } from './flags.ts';
import { JobLog } from './output/joblog.ts';

/** Adds an item that has ended, if there is a log at all. */
export interface RunLog extends Pick<AttemptOptions, 'onEnded'> {
  close(): void;
}

export function openRunLog(header: RunHeader, { joblog }: RunFlags, isResumed: boolean): RunLog {
  if (joblog === undefined) return { close() {} };
  const isAppended = joblog.startsWith('+');
  const log = new JobLog(isAppended ? joblog.slice(1) : joblog, isAppended || isResumed);
  const describe = describerOf(header);
  return {
    onEnded({ item, place, slot, triedAt, output }, outcome) {
      const text = describe(item, place, slot);
      const received = output.lengthOf('stdout');
      log.add({ place, startedAt: triedAt, outcome, received, text });
    },
    close: () => log.close(),
  };
}
