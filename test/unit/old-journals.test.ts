/** Journals as each version of the format wrote them, with what the pool's snapshots were. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  EVENT_VERSION,
  MemoryStore,
  type PoolEvent,
  type PoolSnapshot,
  replay,
} from 'xstate-taskpool';
import { range } from '../support/batches.ts';

const lines = <T>(name: string): T[] =>
  readFileSync(new URL(`../fixtures/journals/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

describe.each(range(1, EVENT_VERSION))('a journal of version %i', (version) => {
  const events = lines<PoolEvent>(`v${version}`);
  const snapshots = lines<PoolSnapshot>(`v${version}.snapshots`);

  test('is one', () => {
    expect(new Set(events.map(({ v }) => v))).toEqual(new Set([version]));
    expect(snapshots.length).toBeGreaterThan(10);
  });

  // Later versions say more.
  test('is replayed to what the snapshots were', () => {
    for (const snapshot of snapshots) {
      expect(replay(events, { until: snapshot.seq })).toMatchObject(snapshot);
    }
  });

  test('can be put into a store', async () => {
    const store = new MemoryStore();
    await store.append(events);
    expect([...store].map(({ v }) => v)).toEqual(events.map(() => EVENT_VERSION));
    expect(replay(store)).toEqual(replay(events));
  });
});
