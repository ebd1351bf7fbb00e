/** Opens the journal of a run, a new one or an existing one. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { type Journal, openJournal } from '../../journal/open-journal.ts';
import { mayExist, redisPlaceOf } from '../../journal/place.ts';
import { agreed, type GivenHeader, type RunHeader } from '../../journal/run-header.ts';
import { visible } from '../../visible.ts';
import { completeHeader } from './given-header.ts';
import { findHeader } from './read-earlier-run.ts';

/** An open journal and its header. */
export interface RunJournal {
  readonly journal: Journal;
  readonly header: RunHeader;
  /** Whether an earlier process started the run. */
  readonly isResumed: boolean;
}

/**
 * Opens the journal of a run: continues an existing one if its header matches, and begins an empty one.
 *
 * @param given the header from the command line.
 * @throws CommandFailed if the journal is not one of such a run, and the errors of opening.
 */
export async function openRunJournal(
  path: string,
  given: GivenHeader,
  options: { readonly mustExist: boolean; readonly readonly: boolean },
): Promise<RunJournal> {
  const isRedis = redisPlaceOf(path) !== undefined;
  if (options.mustExist && !mayExist(path)) throw nothingToResume(`no file ${visible(path)}`);
  const journal = await openJournal(path, options.readonly);
  try {
    const isEmpty = journal.nextSeq === 0;
    if (isEmpty && options.mustExist && (isRedis || given.work === undefined)) {
      throw nothingToResume(isRedis ? `none at ${path}` : `an empty one, ${path}`);
    }
    if (isEmpty) return { journal, header: completeHeader(given), isResumed: false };
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

function nothingToResume(got: string): CommandFailed {
  return new CommandFailed(ExitCode.usage, `expected a journal to resume, got ${got}`);
}
