/** A checkpoint that is stored in parts, while the pool goes on, is that of one event. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CheckpointPart,
  checkpointOf,
  type JournalStore,
  joinCheckpoint,
  type PoolEvent,
  type Retain,
} from 'xstate-taskpool';
import { storeOver } from '../support/memory-like.ts';
import { taskPool, turn } from '../support/pools.ts';
import { runs } from '../support/runs.ts';

/** Enough data that each entry of a checkpoint takes a part of its own. */
const LARGE = 'x'.repeat(70_000);

type Deed = 'map' | 'pull' | 'apply' | 'open' | 'cancel' | 'cancel group' | 'flush' | 'turn';

const deeds = fc.array(
  fc.record({
    kind: fc.constantFrom<Deed>(
      'map',
      'pull',
      'apply',
      'open',
      'open',
      'open',
      'cancel',
      'cancel group',
      'flush',
      'turn',
      'turn',
      'turn',
    ),
    pick: fc.nat(9),
    /** Whether the next part is taken down after it. */
    isPartTaken: fc.boolean(),
  }),
  { minLength: 5, maxLength: 40 },
);

/** A pool whose tasks wait to be let end, half of them badly. */
function makePool(store: JournalStore, retain: Retain) {
  const waiting: (() => void)[] = [];
  const work = (text: string, { id }: { id: number }) =>
    new Promise<void>((resolve, reject) => {
      waiting.push(() => (id % 2 === 0 ? resolve() : reject(new Error(text))));
    });
  const pool = taskPool({ journal: store, functions: { work }, poolSize: 3, retain });
  return { pool, work, waiting };
}

test('whatever happens between its parts', async () => {
  await fc.assert(
    fc.asyncProperty(
      deeds,
      fc.nat(20),
      fc.constantFrom<Retain>('all', 'errors', 'none', 2),
      async (program, start, retain) => {
        const { store } = storeOver();
        const parts: CheckpointPart[] = [];
        let source: Iterator<CheckpointPart> | undefined;
        let isStored = (): void => {};
        store.checkpointInParts = (snapshot) => {
          source = snapshot.parts[Symbol.iterator]();
          return new Promise((resolve) => {
            isStored = resolve;
          });
        };
        const takePart = (): boolean => {
          const next = source?.next();
          if (next === undefined || next.done === true) return false;
          parts.push(JSON.parse(JSON.stringify(next.value)));
          return true;
        };
        const { pool, work, waiting } = makePool(store, retain);
        const events: PoolEvent[] = [...pool.journal];
        pool.on('*', (event) => void events.push(event));
        let seq = -1;
        let stored: Promise<void> | undefined;
        for (const [place, { kind, pick, isPartTaken }] of program.entries()) {
          if (place === start % program.length) {
            seq = pool.snapshot().seq;
            stored = pool.checkpoint();
          }
          const items = Array(pick).fill(LARGE);
          if (kind === 'map') pool.map(work, items, { numConcurrent: 2 });
          else if (kind === 'pull') pool.map(work, new Set(items), { numConcurrent: 2 });
          else if (kind === 'apply') pool.apply(work, [LARGE], { num: pick });
          else if (kind === 'open') waiting.splice(pick % (waiting.length || 1), 1)[0]?.();
          else if (kind === 'flush') void pool.flush({ returnExceptions: true });
          else if (kind === 'cancel') {
            const live = pool.snapshot().tasks.filter(({ state }) => state === 'queued');
            if (live[0] !== undefined) pool.cancel(live[0].id);
          } else if (kind === 'cancel group') {
            const { groups } = pool.snapshot();
            const group = groups[pick % groups.length];
            if (group !== undefined) pool.cancelGroup(group.name);
          }
          await turn();
          if (isPartTaken) takePart();
        }
        while (source === undefined) await turn();
        while (takePart());
        isStored();
        await stored;
        expect(joinCheckpoint(parts)).toEqual(checkpointOf(events, { until: seq }));
      },
    ),
    runs(60),
  );
});
