/** Opening a long journal from its snapshot, as `resume` does. */
import { existsSync } from 'node:fs';
import type { StoreCheckpoint } from 'xstate-taskpool';
import { medianMicros } from '../measure.ts';
import { count, ours, type Scale, type Section } from '../model.ts';
import { makeEvents } from './events.ts';
import { sharedPath } from './folders.ts';
import { stores } from './stores.ts';

const BATCH = 10_000;
/** The events after the snapshot, which must be read. */
const AFTER = 1000;

export function openSection({ quick }: Scale): Section {
  const events = quick ? 100_000 : 10_000_000;
  return {
    id: 'open',
    title: `a journal of ${count(events)} events: opened, its snapshot and the ${count(AFTER)} events after it read`,
    unit: 'ms',
    contenders: stores.map(({ name, open }) =>
      ours(name, async () => {
        const path = sharedPath(`open-${name}`);
        // Created once, and opened by all measuring processes.
        if (!existsSync(path)) {
          const store = await open(path, 'none');
          for (let seq = 0; seq < events; seq += BATCH) await store.append(makeEvents(BATCH, seq));
          // Stores do not read it.
          const state = { seq: events - AFTER - 1 } as StoreCheckpoint['state'];
          await store.checkpoint({ seq: events - AFTER - 1, state });
          await store.close();
        }
        const scenario = async () => async () => {
          const store = await open(path);
          const snapshot = await store.latestCheckpoint();
          if (snapshot === undefined) throw new Error('Expected a snapshot, got none.');
          let read = 0;
          for await (const batch of store.read({ fromSeq: snapshot.seq + 1 })) read += batch.length;
          if (read !== AFTER) throw new Error(`Expected ${AFTER} events, got ${read}.`);
          await store.close();
        };
        return (await medianMicros(scenario, { warmups: 0, runs: 1 })) / 1000;
      }),
    ),
  };
}
