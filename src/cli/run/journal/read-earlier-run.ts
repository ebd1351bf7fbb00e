/** Reads the state in which earlier processes left a run, and checks that the input is unchanged. */

import { project } from '../../../index.ts';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { foldJournal } from '../../journal/fold-journal.ts';
import type { PlacedItem } from '../../journal/item-tasks.ts';
import type { Journal } from '../../journal/open-journal.ts';
import { type Remaining, remaining } from '../../journal/remaining.ts';
import { headerIn, type RunHeader } from '../../journal/run-header.ts';
import type { ItemReader } from '../input/reader.ts';
import { label } from '../output/messages.ts';
import { type Earlier, type EarlierRun, earlierRun } from './earlier-run.ts';

/** Reads what a run has left to do. */
export function readRemaining(journal: Journal): Promise<Remaining> {
  return project(journal, remaining, { fromCheckpoint: true });
}

/** Finds the header; undefined if this is not the journal of a run, or it is too short. */
export async function findHeader(journal: Journal): Promise<RunHeader | undefined> {
  for await (const batch of journal.read({ toSeq: journal.firstSeq + 9 })) {
    for (const event of batch) {
      const header = headerIn(event);
      if (header !== undefined) return header;
    }
  }
  return undefined;
}

/**
 * Reads a journal, and the input in parallel, up to where the run stopped.
 *
 * @param options.retryFailed whether to retry all failed items: they are treated as if the event that starts the
 *   retry had been read.
 * @throws CommandFailed if an item differs from the one in the journal.
 */
export async function readEarlierRun(
  journal: Journal,
  reader: ItemReader,
  { retryFailed = false }: { readonly retryFailed?: boolean } = {},
): Promise<EarlierRun> {
  const each = async (run: Earlier) => {
    for (const placed of run.takeNew()) await checkNext(reader, placed);
  };
  const run = await foldJournal(journal, earlierRun, { each });
  if (retryFailed) run.beginAgain();
  return run;
}

async function checkNext(reader: ItemReader, { index, item: expected }: PlacedItem): Promise<void> {
  const hasItem = await reader.fill();
  const item = hasItem ? reader.take() : undefined;
  if (hasItem && (item === expected || JSON.stringify(item) === JSON.stringify(expected))) return;
  const got = hasItem ? label(item) : 'the end of the input';
  throw new CommandFailed(
    ExitCode.usage,
    `expected item ${index + 1} to be ${label(expected)}, as in the journal, got ${got}`,
  );
}
