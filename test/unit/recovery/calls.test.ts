/** A call is in the journal completely, or it is dropped. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryStore, type PoolEvent, replay, TaskGroupNotFound } from 'xstate-taskpool';
import { noting, resume, storeWith } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { taskPool, turn } from '../../support/pools.ts';
import { runs } from '../../support/runs.ts';

const items = [...Array(1001).keys()];

/** The events of calls of 1001 items, two events of items each. */
function callsOf(names: readonly string[]): PoolEvent[] {
  const { work } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  for (const groupName of names) pool.map(work, items, { groupName });
  return [...pool.journal];
}

describe('a process that dies within a call', () => {
  test.each([1, 2])('after event %i, has never made it', async (last) => {
    const store = await storeWith(callsOf(['many']).slice(0, last + 1));
    const { work, calls } = noting();
    const again = await resume(store, { functions: { work }, poolSize: 100 });
    expect(() => again.group('many')).toThrow(TaskGroupNotFound);
    expect(again.snapshot().groups).toEqual([]);
    // Whoever made the call makes it again.
    await again.map(work, items, { groupName: 'many', numConcurrent: 100 }).results();
    await again.gatherAndClose();
    expect(calls.map(([item]) => item)).toEqual(items);
    expect([...again.journal].map(({ type }) => type)).not.toContain('group.failed');
    expect(replay(again.journal)).toEqual(again.snapshot());
  });

  test('need not have the function any more', async () => {
    const store = await storeWith(callsOf(['many']).slice(0, 3));
    const again = await resume(store, { functions: {} });
    await again.gatherAndClose();
  });

  test('says why its group is gone', async () => {
    const store = await storeWith(callsOf(['many']).slice(0, 3));
    const { work } = noting();
    await resume(store, { functions: { work } });
    expect([...store].at(-1)).toMatchObject({
      type: 'group.cancelled',
      group: 'many',
      reason: {
        name: 'TaskInterrupted',
        message: "the process died while it stored the 1001 items of 'many': its call is dropped",
      },
    });
  });

  test('at any event, several times, leaves calls whole or not at all', async () => {
    const events = callsOf(['a', 'b']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }), async (deaths) => {
        const wanted = ['a', 'b', 'c'];
        let store = await storeWith(events.slice(0, 1 + ((deaths[0] ?? 0) % events.length)));
        for (const death of deaths) {
          const { work } = noting();
          const pool = await resume(store, { functions: { work }, poolSize: 0 });
          const known = new Set(pool.snapshot().groups.map(({ name }) => name));
          for (const groupName of wanted) {
            if (!known.has(groupName)) pool.map(work, items, { groupName });
          }
          const all = [...store];
          store = await storeWith(all.slice(0, Math.max(1, all.length - death)));
        }
        const { work, calls } = noting();
        const pool = await resume(store, { functions: { work }, poolSize: 1000 });
        const groups = pool.snapshot().groups.map(({ name }) => name);
        await pool.gatherAndClose();
        expect(calls).toHaveLength(items.length * groups.length);
      }),
      runs(25),
    );
  });
});

describe('a store that writes each event before subscribers are notified', () => {
  test('has the whole call before the first of them is notified of it', () => {
    const seen: string[] = [];
    const written: (readonly PoolEvent[])[] = [];
    const { store } = storeOver({
      sync: true,
      before: (batch) => {
        written.push(batch);
        // Large items need several batches.
        expect(seen).toEqual([]);
      },
    });
    const { work } = noting();
    const pool = taskPool({ functions: { work }, poolSize: 0, journal: store });
    pool.on('*', ({ type }) => void seen.push(type));
    written.length = 0;
    pool.map(work, Array(6).fill('x'.repeat(400_000)));
    expect(written.map((batch) => batch.length)).toEqual([3, 2, 2]);
    expect(seen).toEqual(['group.created', ...Array(6).fill('group.supplied')]);
  });

  test('has a small call in one batch', () => {
    const { store, kept } = storeOver({ sync: true });
    let appends = 0;
    const { appendSync } = store;
    if (appendSync !== undefined) {
      store.appendSync = (batch) => {
        appends++;
        appendSync(batch);
      };
    }
    const { work } = noting();
    const pool = taskPool({ functions: { work }, poolSize: 0, journal: store });
    appends = 0;
    pool.map(work, items);
    expect(appends).toBe(1);
    expect(kept.nextSeq).toBe(4);
  });
});

test('what a subscriber of a call does comes after all of it', async () => {
  const { work } = noting();
  const store = new MemoryStore();
  const pool = taskPool({ functions: { work }, poolSize: 0, journal: store });
  const published: number[] = [];
  pool.on('*', ({ seq }) => void published.push(seq));
  pool.on('group.created', ({ group }) => pool.group(group).pause());
  pool.actor.subscribe(() => pool.lock());
  pool.map(work, items);
  expect(published).toEqual([...published].sort((a, b) => a - b));
  expect([...store].map(({ type }) => type).slice(1, 4)).toEqual([
    'group.created',
    'group.supplied',
    'group.supplied',
  ]);
  await turn();
});
