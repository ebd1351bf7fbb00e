/** The state of a pool after one of the events in its journal. */

import {
  checkpointOf,
  type PoolCheckpoint,
  type PoolEvent,
  type PoolSnapshot,
  replay,
} from '../../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import type { Journal } from './open-journal.ts';

/** Events that are folded at once: memory for so many is all it takes. */
const CHUNK = 50_000;

/** @throws CommandFailed for an event that the journal does not have. */
export async function stateAt(journal: Journal, seq: number): Promise<PoolSnapshot> {
  const last = journal.nextSeq - 1;
  if (seq > last) {
    throw new CommandFailed(
      ExitCode.failed,
      `expected the number of an event up to ${last}, which is the last one, got ${seq}`,
    );
  }
  const snapshot = await journal.latestSnapshot();
  let from = snapshot !== undefined && snapshot.seq <= seq ? snapshot.state : undefined;
  let chunk: PoolEvent[] = [];
  const range = from === undefined ? { toSeq: seq } : { fromSeq: from.seq + 1, toSeq: seq };
  for await (const batch of journal.read(range)) {
    for (const event of batch) chunk.push(event);
    if (chunk.length < CHUNK) continue;
    from = checkpointOf(chunk, after(from));
    chunk = [];
  }
  return replay(chunk, after(from));
}

function after(from: PoolCheckpoint | undefined): { readonly from?: PoolCheckpoint } {
  return from === undefined ? {} : { from };
}
