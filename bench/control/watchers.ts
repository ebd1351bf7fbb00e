/** Far side: so many clients that watch everything, and how long events took to them. */
import { connect } from 'xstate-taskpool/control';
import { answering } from '../far-side.ts';

export interface WatchersRequest {
  readonly port: number;
  readonly count: number;
}

/** First that all watch; then, when the pool is closed, what they saw. */
export type WatchersAnswer = 'watching' | Seen;

export interface Seen {
  /** Events in all. */
  readonly events: number;
  /** Milliseconds within which 99 of 100 events came. */
  readonly delay: number;
}

answering<WatchersRequest, WatchersAnswer>(async ({ port, count }, say) => {
  const clients = await Promise.all(Array.from({ length: count }, () => connect({ port })));
  /** How many events took so many milliseconds. */
  const delays: number[] = [];
  let events = 0;
  const loops = clients.map(async (client) => {
    for await (const { at } of client.watch()) {
      const delay = Math.max(0, Date.now() - at);
      delays[delay] = (delays[delay] ?? 0) + 1;
      events++;
    }
  });
  // An answer to a later command: the server has taken the watch before it.
  await Promise.all(clients.map((client) => client.numRunning()));
  say('watching');
  await Promise.all(loops);
  await Promise.all(clients.map((client) => client.close()));
  say({ events, delay: percentile(delays, 0.99) });
});

function percentile(counts: readonly (number | undefined)[], share: number): number {
  const total = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  let seen = 0;
  return counts.findIndex((count) => {
    seen += count ?? 0;
    return seen >= total * share;
  });
}
