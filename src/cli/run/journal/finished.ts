/** Handles the resumption of a finished run. */

import { project } from '../../../index.ts';
import { CommandFailed, ExitCode } from '../../exit.ts';
import type { Journal } from '../../journal/open-journal.ts';
import type { Remaining } from '../../journal/remaining.ts';
import type { RunHeader } from '../../journal/run-header.ts';
import { tally } from '../../journal/tally.ts';
import type { RunFlags } from '../flags.ts';
import { checkInput, readItems } from '../input/input.ts';
import { ItemReader } from '../input/reader.ts';
import { label, type Messages } from '../output/messages.ts';
import { readEarlierRun } from './read-earlier-run.ts';

/** Whether nothing remains to do. Failed items can still be retried, unless the pool is closed. */
export function isFinished(
  { isNothing, isClosed }: Remaining,
  { resumeFailed }: RunFlags,
): boolean {
  return isClosed || (isNothing && resumeFailed !== true);
}

/** Prints the outcome and resolves with its exit code. */
export async function sayFinished(
  journal: Journal,
  header: RunHeader,
  { journal: isNamedToBegin, resumeFailed = false }: RunFlags,
  messages: Messages,
): Promise<number> {
  const { fulfilled, rejected, cancelled, isCutShort } = await project(journal, tally);
  if (isNamedToBegin !== undefined && !isCutShort) await checkFinishedInput(journal, header);
  const isFine = rejected + cancelled === 0 && !isCutShort;
  const hint = resumeFailed
    ? '; its pool was closed, so that nothing can be run again'
    : '; --resume-failed runs again what failed';
  messages.say(
    `this run is finished: ${fulfilled} succeeded, ${rejected} failed, ${cancelled} cancelled` +
      (isFine ? '' : hint),
  );
  return isFine ? ExitCode.fine : ExitCode.failed;
}

/** A user who starts a run with the journal of a finished one may have named the wrong journal. */
async function checkFinishedInput(journal: Journal, { input }: RunHeader): Promise<void> {
  checkInput(input);
  const reader = new ItemReader(readItems(input));
  const { created } = await readEarlierRun(journal, reader);
  if (!(await reader.fill())) return;
  throw new CommandFailed(
    ExitCode.usage,
    `expected the end of the input after ${created} items, as in the journal of this finished run, ` +
      `got ${label(reader.take())}`,
  );
}
