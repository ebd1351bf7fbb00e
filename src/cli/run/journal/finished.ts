/** A run that is over already: what is said of it. */

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

/** Whether nothing is to be done: what has failed may still be run again, unless its pool is closed. */
export function isFinished(
  { isNothing, isClosed }: Remaining,
  { resumeFailed }: RunFlags,
): boolean {
  return isClosed || (isNothing && resumeFailed !== true);
}

/** Says how it came out, and resolves with the exit code for that. */
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

/** Someone who means to begin a run, and names a journal that is complete, may mean another one. */
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
