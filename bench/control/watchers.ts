/** Far side: a number of clients that watch everything, and the delays of the events. */
import { connect } from 'xstate-taskpool/control';
import { answering } from '../far-side.ts';

export interface WatchersRequest {
  readonly port: number;
  readonly count: number;
}

/** First that all are watching; then, when the pool is closed, what they have seen. */
export type WatchersAnswer = 'watching' | Seen;

export interface Seen {
  /** The total number of events. */
  readonly events: number;
  /** The 99th percentile of the delays of events, in milliseconds. */
  readonly delay: number;
}

answering<WatchersRequest, WatchersAnswer>(async ({ port, count }, say) => {
  const clients = await Promise.all(Array.from({ length: count }, () => connect({ port })));
  /** How many events had each delay in milliseconds. */
  const delays: number[] = [];
  let events = 0;
  const loops = clients.map(async (client) => {
    for await (const { at } of client.watch()) {
      const delay = Math.max(0, Date.now() - at);
      delays[delay] = (delays[delay] ?? 0) + 1;
      events++;
    }
  });
  // The answer to a later command: the server has accepted the watch before it.
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
