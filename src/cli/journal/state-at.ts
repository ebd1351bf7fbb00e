/** Rebuilds the state of a pool after a given event of its journal. */

import { type PoolSnapshot, project, rebuilding } from '../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import type { Journal } from './open-journal.ts';

/**
 * @throws CommandFailed if the journal has no such event.
 */
export async function stateAt(journal: Journal, seq: number): Promise<PoolSnapshot> {
  const last = journal.nextSeq - 1;
  if (seq > last) {
    throw new CommandFailed(
      ExitCode.failed,
      `expected the number of an event up to ${last}, which is the last one, got ${seq}`,
    );
  }
  const rebuilt = await project(journal, rebuilding, { until: seq, fromCheckpoint: true });
  return rebuilt.snapshot();
}
