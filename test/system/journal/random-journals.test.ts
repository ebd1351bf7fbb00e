/**
 * The journal of any program is read from a store as it was recorded: from any event on, in whatever
 * batches it was appended, after some of it was dropped, by somebody who follows while it is written.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkpointOf, type PoolEvent, replay } from 'xstate-taskpool';
import { all, events as each, take } from '../../support/batches.ts';
import { isLong } from '../../support/length.ts';
import { finish } from '../../support/model/finale.ts';
import { Gates } from '../../support/model/gates.ts';
import { plainPrograms } from '../../support/model/programs.ts';
import { settings, taskPoolWorld } from '../../support/model/settings.ts';
import type { Settings } from '../../support/model/world.ts';
import { type DurableKind, kinds, newPath } from '../../support/stores.ts';

/** What is done besides appending the next batch. */
type Step =
  | { readonly do: 'read'; readonly from: number; readonly count: number }
  | { readonly do: 'checkpoint'; readonly keepLast: number }
  | { readonly do: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('read' as const),
    from: fc.nat({ max: 99 }),
    count: fc.nat({ max: 99 }),
  }),
  fc.record({ do: fc.constant('checkpoint' as const), keepLast: fc.nat({ max: 20 }) }),
  fc.record({ do: fc.constant('reopen' as const) }),
);

/** How many events the next batch has, and what is done after it. */
const turns = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.option(step)), {
  minLength: 1,
  maxLength: 12,
});

type Program = ReturnType<typeof plainPrograms> extends fc.Arbitrary<infer P> ? P : never;

/** All that a pool records in a random program. */
async function journalOf(given: Settings, program: Program): Promise<PoolEvent[]> {
  const gates = new Gates();
  const { model, real } = taskPoolWorld(given, gates);
  // Then the end of a task says how long it waited and ran, as it does where there is a store.
  real.on('task.ended', () => {});
  await fc.asyncModelRun(() => ({ model, real }), program);
  await finish(model, async () => gates.openAll());
  return real.journal.events();
}

/** Journals of versions before had no pauses. */
function asVersion2(events: readonly PoolEvent[]): readonly PoolEvent[] {
  const isNew = events.some(({ type }) => type === 'pool.resumed' || type === 'pool.recovered');
  return isNew ? events : events.map((event) => ({ ...event, v: 2 }) as unknown as PoolEvent);
}

async function check(
  kind: DurableKind,
  events: readonly PoolEvent[],
  turns: readonly (readonly [number, Step | null])[],
): Promise<void> {
  const path = await newPath();
  const options = { durability: 'none', segmentBytes: 2000 } as const;
  let store = await kind.open(path, options);
  let first = 0;
  let next = 0;
  const follower = await kind.open(path, { readonly: true });
  const tail = each(follower.tail({ fromSeq: 0 }));
  for (let turn = 0; next < events.length; turn++) {
    const [size, step] = turns[turn % turns.length] as (typeof turns)[number];
    const batch = events.slice(next, next + size);
    await store.append(batch);
    next += batch.length;
    expect(await take(tail, batch.length)).toStrictEqual(batch);
    if (step?.do === 'read') {
      const fromSeq = first + Math.floor(((next - first) * step.from) / 100);
      const toSeq = fromSeq + step.count;
      const expected = events.slice(fromSeq, Math.min(next, toSeq + 1));
      expect(await all(store.read({ fromSeq, toSeq }))).toStrictEqual(expected);
      expect(await all(follower.read({ fromSeq, toSeq }))).toStrictEqual(expected);
    } else if (step?.do === 'checkpoint') {
      const state = checkpointOf(events.slice(0, next));
      const { keepLast } = step;
      await store.checkpoint({ seq: next - 1, state, prune: { keepLast } });
      first = Math.max(first, next - keepLast);
      expect(await all(store.read())).toStrictEqual(events.slice(first, next));
    } else if (step?.do === 'reopen') {
      await store.close();
      store = await kind.open(path, options);
    }
    expect(store).toMatchObject({ firstSeq: first, nextSeq: next });
  }
  const from = (await store.latestCheckpoint())?.state;
  const rest = await all(store.read({ fromSeq: from === undefined ? 0 : from.seq + 1 }));
  expect(replay(rest, from === undefined ? {} : { from })).toEqual(replay(events));
  await follower.close();
  await store.close();
}

test.each(kinds)('$name holds the journal of any program', async (kind) => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      plainPrograms(20),
      turns,
      fc.boolean(),
      async (given, program, turns, isOlder) => {
        const events = await journalOf(given, program);
        await check(kind, isOlder ? asVersion2(events) : events, turns);
      },
    ),
    { numRuns: isLong ? 500 : 8 },
  );
});
