import { describe, expect, test } from 'vitest';
import {
  type EventType,
  type LiveProjection,
  MemoryStore,
  type PoolEvent,
  type Projection,
  project,
  rebuilding,
  StorePruned,
} from 'xstate-taskpool';
import { taskPool, turn } from '../support/pools.ts';
import { samples } from '../support/sample-events.ts';

type Counts = Readonly<Partial<Record<EventType, number>>>;

/** Counts events by type; what a checkpoint knows of those before it as well. */
const counts: Projection<Counts> = {
  initial: (from) => (from === undefined ? {} : { 'task.queued': from.totals.created }),
  apply: (state, { type }) => ({ ...state, [type]: (state[type] ?? 0) + 1 }),
};

const seqs: Projection<number[]> = {
  initial: () => [],
  apply: (state, { seq }) => {
    state.push(seq);
    return state;
  },
};

const counted = (events: readonly PoolEvent[]) =>
  events.reduce<Counts>((state, event) => counts.apply(state, event), {});

describe('a projection of a pool', () => {
  test('begins with what has happened, and follows', async () => {
    const pool = taskPool();
    await pool.map((n: number) => n, [1, 2]).results();
    const live = project(pool, counts);
    expect(live.state).toEqual(counted(pool.journal.events()));
    await pool.map((n: number) => n, [3]).results();
    expect(live.state['task.ended']).toBe(3);
    expect(live.seq).toBe(pool.journal.nextSeq - 1);
  });

  test('has every event once, also when it is made by a subscriber that others come before', async () => {
    const pool = taskPool();
    let live: LiveProjection<number[]> | undefined;
    pool.on('task.started', () => {
      pool.lock();
      live ??= project(pool, seqs);
    });
    pool.map((n: number) => n, [1, 2]);
    await turn();
    expect(live?.state).toEqual(pool.journal.events().map(({ seq }) => seq));
  });

  test('stays as it is once it was stopped', async () => {
    const pool = taskPool();
    const live = project(pool, seqs);
    live.stop();
    pool.lock();
    expect(live.state).toEqual([0]);
    expect(live.seq).toBe(0);
  });

  test('is refused where the journal in memory no longer holds the first event', () => {
    const pool = taskPool({ journal: { size: 1 } });
    pool.lock();
    expect(() => project(pool, seqs)).toThrow(StorePruned);
  });
});

describe('a projection of a store', () => {
  async function stored(prune: boolean): Promise<MemoryStore> {
    const store = new MemoryStore();
    await store.append(samples);
    const state = await project(store, rebuilding, { until: 9 });
    await store.checkpoint({ seq: 9, state: state.checkpoint(), prune });
    return store;
  }

  test('sees every event up to the one that is asked for', async () => {
    const store = await stored(false);
    expect(await project(store, counts)).toEqual(counted(samples));
    expect(await project(store, seqs, { until: 3 })).toEqual([0, 1, 2, 3]);
  });

  test('starts from the checkpoint where the first events were pruned, or if it is asked to', async () => {
    const rest = samples.filter(({ seq }) => seq > 9).map(({ seq }) => seq);
    expect(await project(await stored(true), seqs)).toEqual(rest);
    expect(await project(await stored(false), seqs, { fromCheckpoint: true })).toEqual(rest);
    const { 'task.queued': queued } = await project(await stored(true), counts);
    expect(queued).toBe(counted(samples)['task.queued']);
  });

  test('is refused where neither the first event nor a checkpoint before the end is there', async () => {
    await expect(project(await stored(true), seqs, { until: 5 })).rejects.toThrow(StorePruned);
  });
});

test('rebuilding is what replay does, event by event', async () => {
  const pool = taskPool({ retain: 1 });
  const live = project(pool, rebuilding);
  pool.on('*', () => expect(live.state.snapshot()).toStrictEqual(pool.snapshot()));
  await pool.map((n: number) => n, [1, 2, 3]).results();
  await pool.gatherAndClose();
  expect(live.state.seq).toBe(live.seq);
  expect(live.state.snapshot()).toStrictEqual(pool.snapshot());
});
