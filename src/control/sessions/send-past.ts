/** Sends past events to a watcher before new ones. */

import type { BasePool, EventType, PoolEvent } from '../../index.ts';
import { nextTurn } from '../../kit/jobs.ts';
import { BadArguments } from '../errors.ts';
import type { PoolHistory } from '../history/pool-history.ts';

interface Sending {
  /** The types of events; empty for all. */
  readonly types: readonly EventType[];
  readonly emit: (event: PoolEvent) => void;
  readonly room: () => Promise<void> | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends the events after a `seq`, as fast as the client reads.
 *
 * @param begin called with the `seq` of the last event, before another one can be recorded: a subscription made in
 *   it misses none.
 * @throws StorePruned if the events do not exist any more, BadArguments if there is no such event yet.
 */
export async function sendPast(
  { journal }: BasePool,
  history: PoolHistory,
  since: number,
  { types, emit, room, signal }: Sending,
  begin: (last: number) => void,
): Promise<void> {
  if (since >= journal.nextSeq) {
    const last = journal.nextSeq - 1;
    throw new BadArguments(`watch: expected --since to be at most ${last}, got ${since}`);
  }
  let next = since + 1;
  const send = (event: PoolEvent): void => {
    if (types.length === 0 || types.includes(event.type)) emit(event);
    next = event.seq + 1;
  };
  while (next < journal.nextSeq && !signal.aborted) {
    for await (const batch of history.batches(next)) {
      batch.forEach(send);
      const isLast = next >= journal.nextSeq;
      await (room() ?? (isLast ? undefined : nextTurn()));
      if (signal.aborted) return;
    }
  }
  begin(next - 1);
}
