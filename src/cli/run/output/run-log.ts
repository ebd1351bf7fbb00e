/** Writes the log of `--joblog` during a run. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import type { RunHeader } from '../../journal/run-header.ts';
import { visible } from '../../visible.ts';
import { describerOf } from '../describe.ts';
import type { RunFlags } from '../flags.ts';
import type { ItemAttempt } from '../items/item-attempt.ts';
import { type AttemptOutcome, JobLog } from './joblog.ts';
import { messageOf } from './messages.ts';

/** The log; it does nothing if none was requested. */
export interface RunLog {
  /** Logs the last attempt of an item. */
  add(attempt: ItemAttempt, outcome: AttemptOutcome): void;
  close(): void;
  /** Called once if writing fails: the run continues without a log. */
  onFailed: (message: string) => void;
}

/**
 * @throws CommandFailed if the log cannot be opened.
 */
export function openRunLog(header: RunHeader, { joblog }: RunFlags, isResumed: boolean): RunLog {
  if (joblog === undefined) return { add() {}, close() {}, onFailed() {} };
  const isAppended = joblog.startsWith('+');
  const path = isAppended ? joblog.slice(1) : joblog;
  const failure = (error: unknown) =>
    `cannot write the job log ${visible(path)}: ${messageOf(error)}`;
  const log = opened(() => new JobLog(path, isAppended || isResumed), failure);
  const describe = describerOf(header);
  let isBroken = false;
  return {
    onFailed() {},
    add({ item, index, slot, begunAt: startedAt, endedAt, output }, outcome) {
      const place = index + 1;
      const text = describe(item, place, slot);
      if (isBroken) return;
      try {
        log.add({ place, startedAt, endedAt, outcome, received: output.lengthOf('stdout'), text });
      } catch (error) {
        isBroken = true;
        this.onFailed(failure(error));
      }
    },
    close: () => log.close(),
  };
}

function opened(open: () => JobLog, failure: (error: unknown) => string): JobLog {
  try {
    return open();
  } catch (error) {
    throw new CommandFailed(ExitCode.usage, failure(error));
  }
}
