/** All stores answer in the same way, whatever they are asked, in whatever order. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EventStore, MemoryStore, type Prune } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { isLong } from '../../support/length.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { kinds, newPath } from '../../support/stores.ts';

/** Something that a store is asked. Numbers are counted from where the store is then. */
type Step =
  | { readonly do: 'append'; readonly offset: number; readonly count: number }
  | { readonly do: 'read'; readonly from: number; readonly to: number }
  | { readonly do: 'checkpoint'; readonly offset: number; readonly prune: Prune }
  | { readonly do: 'latest' }
  | { readonly do: 'close' };

const near = fc.integer({ min: -2, max: 2 });
const some = fc.integer({ min: -1, max: 30 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: append(fc.constant(0)) },
  { weight: 1, arbitrary: append(near) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read'), from: some, to: some }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('checkpoint'),
      offset: fc.integer({ min: -12, max: 1 }),
      prune: fc.oneof(
        fc.boolean(),
        fc.record({ keepLast: fc.nat({ max: 12 }) }),
        fc.record({ keepSince: fc.integer({ min: 990, max: 1040 }) }),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('latest') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close') }) },
) as fc.Arbitrary<Step>;

function append(offset: fc.Arbitrary<number>) {
  return fc.record({ do: fc.constant('append'), offset, count: fc.nat({ max: 9 }) });
}

type NumberedStore = EventStore & { readonly firstSeq: number; readonly nextSeq: number };

/** What a store answers to each question: what it gives, or the name of what it throws. */
async function answers(store: NumberedStore, steps: readonly Step[]): Promise<unknown[]> {
  const given: unknown[] = [];
  let isOpen = true;
  for (const each of steps) {
    const answer = await ask(store, each).catch((error: Error) => error.name);
    // One in memory holds nothing any more when it is closed.
    isOpen &&= each.do !== 'close';
    given.push(isOpen ? [answer, store.firstSeq, store.nextSeq] : answer);
  }
  return given;
}

async function ask(store: NumberedStore, each: Step): Promise<unknown> {
  switch (each.do) {
    case 'append':
      return store.append(locked(Math.max(0, store.nextSeq + each.offset), each.count));
    case 'read':
      return all(store.read({ fromSeq: Math.max(0, each.from), toSeq: each.to }));
    case 'checkpoint': {
      const seq = Math.max(0, store.nextSeq + each.offset);
      return store.checkpoint({ seq, state: sampleState(seq), prune: each.prune });
    }
    case 'latest':
      return store.latestCheckpoint();
    case 'close':
      return store.close();
  }
}

test.each(kinds)('$name answers as the store in memory does', async ({ open }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const store = await open(await newPath(), { durability: 'none', segmentBytes: 700 });
      const begun: Step[] = [{ do: 'append', offset: 0, count: 1 }, ...steps];
      const expected = await answers(new MemoryStore(), begun);
      expect(await answers(store, begun)).toEqual(expected);
      await store.close();
    }),
    { numRuns: isLong ? 2000 : 25 },
  );
});
