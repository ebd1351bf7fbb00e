/** The journal of a run: begun with it, or gone on with. */

import { existsSync } from 'node:fs';
import { CommandFailed, ExitCode } from '../exit.ts';
import { type Journal, openJournal } from '../journal/open-journal.ts';
import { agreed, type RunHeader } from '../journal/run-header.ts';
import { findHeader } from './earlier-run.ts';

/** A journal that is open, and what it is the journal of. */
export interface RunJournal {
  readonly journal: Journal;
  readonly header: RunHeader;
  /** Whether an earlier process has begun the run. */
  readonly isResumed: boolean;
}

/** @throws CommandFailed if there are events in it already, and what opening throws. */
export async function beginJournal(path: string, header: RunHeader): Promise<RunJournal> {
  const journal = await openJournal(path, false);
  if (journal.nextSeq === 0) return { journal, header, isResumed: false };
  await journal.close();
  throw new CommandFailed(
    ExitCode.usage,
    `expected a new journal, got ${path}, which holds ${journal.nextSeq} events; --resume goes on with it`,
  );
}

/**
 * Opens the journal of a run that has begun. One in which nothing was written is begun now.
 *
 * @param given what the command line says of the run.
 * @throws CommandFailed if it is not the journal of such a run, and what opening throws.
 */
export async function resumeJournal(
  path: string,
  given: Partial<RunHeader>,
  complete: () => RunHeader,
): Promise<RunJournal> {
  if (!existsSync(path)) {
    throw new CommandFailed(ExitCode.usage, `expected a journal to resume, got no file ${path}`);
  }
  const journal = await openJournal(path, false);
  try {
    if (journal.nextSeq === 0) return { journal, header: complete(), isResumed: false };
    const header = await findHeader(journal);
    if (header === undefined) {
      throw new CommandFailed(ExitCode.usage, `expected the journal of a run, got ${path}`);
    }
    return { journal, header: agreed(given, header), isResumed: true };
  } catch (error) {
    await journal.close();
    throw error;
  }
}
