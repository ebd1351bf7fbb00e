/** The events that a pool records for tasks that do nothing: three each. */
import { EVENT_VERSION, type PoolEvent } from 'xstate-taskpool';

const v = EVENT_VERSION;
const pool = 'bench';
const group = 'map-noop-group-0';

/** Events of a journal from a seq on. */
export function makeEvents(count: number, from = 0): PoolEvent[] {
  const events: PoolEvent[] = [];
  for (let seq = from; seq < from + count; seq++) events.push(eventOf(seq));
  return events;
}

function eventOf(seq: number): PoolEvent {
  const id = Math.floor(seq / 3);
  // Like a pool, which reads the clock once a turn.
  const at = 1_790_000_000_000 + Math.floor(seq / 300);
  if (seq % 3 === 0) return { v, pool, seq, at, type: 'task.queued', id, group, index: id };
  if (seq % 3 === 1) return { v, pool, seq, at, type: 'task.started', id, group };
  // Whole microseconds, as a pool measures them.
  const waited = ((id * 7919) % 1000) / 1000;
  const ran = ((id * 104_729) % 100) / 1000;
  const ended = { outcome: 'fulfilled', attempt: 1, waited, ran } as const;
  return { v, pool, seq, at, type: 'task.ended', id, group, ...ended };
}

/** The same in batches. */
export function makeBatches(count: number, size: number): PoolEvent[][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, batch) =>
    makeEvents(Math.min(size, count - batch * size), batch * size),
  );
}

/** The text of a journal with a line for each event. */
export function linesOf(batch: readonly PoolEvent[]): string {
  return `${batch.map((event) => JSON.stringify(event)).join('\n')}\n`;
}
