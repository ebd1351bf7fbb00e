/** What becomes of a journal in Redis by other hands is found, and never taken for what was appended. */

import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PoolEvent, StoreCorrupt } from 'xstate-taskpool';
import type { RedisStore } from 'xstate-taskpool/journal/redis';
import { isLong } from '../../support/length.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { newName, openIn } from '../../support/redis-stores.ts';
import { runs } from '../../support/runs.ts';
import { locked, sampleState, samples } from '../../support/sample-events.ts';

const BATCHES: PoolEvent[][] = [[...samples]];
for (const size of [40, 1, 25, 3, 60]) {
  BATCHES.push(locked((BATCHES.at(-1)?.at(-1)?.seq ?? 0) + 1, size));
}
const EVENTS = BATCHES.flat();
const CHECKPOINT = samples.length + 10;

/** An entry of the stream: its number, and names and values. */
type Entry = [id: string, fields: string[]];

/** Something that is done to what Redis holds; places are taken modulo what there is. */
type Damage =
  | {
      readonly do: 'change entry';
      readonly entry: number;
      readonly field: number;
      readonly at: number;
    }
  | { readonly do: 'remove entry'; readonly entry: number }
  | { readonly do: 'swap entries'; readonly entry: number }
  | { readonly do: 'set field'; readonly field: number; readonly to: string }
  | { readonly do: 'remove field'; readonly field: number }
  | { readonly do: 'change part'; readonly part: number; readonly at: number }
  | { readonly do: 'remove key'; readonly key: number };

const place = fc.nat({ max: 9999 });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ do: fc.constant('change entry' as const), entry: place, field: place, at: place }),
  fc.record({ do: fc.constant('remove entry' as const), entry: place }),
  fc.record({ do: fc.constant('swap entries' as const), entry: place }),
  fc.record({
    do: fc.constant('set field' as const),
    field: place,
    to: fc.oneof(fc.nat({ max: 300 }).map(String), fc.string()),
  }),
  fc.record({ do: fc.constant('remove field' as const), field: place }),
  fc.record({ do: fc.constant('change part' as const), part: place, at: place }),
  fc.record({ do: fc.constant('remove key' as const), key: place }),
);

describeWithRedis('a journal in Redis that was damaged', () => {
  const server = redisForTests();
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(server.connection);
  });
  afterAll(() => redis.disconnect());

  const base = (name: string) => `taskpool:{${name}}`;

  async function written(): Promise<string> {
    const store = await openIn(server, newName());
    for (const batch of BATCHES) await store.append(batch);
    await store.checkpoint({ seq: CHECKPOINT, state: sampleState(CHECKPOINT) });
    await store.close();
    return store.name;
  }

  async function entriesOf(name: string): Promise<Entry[]> {
    return redis.xrange(`${base(name)}:events`, '-', '+');
  }

  async function rewrite(name: string, entries: readonly Entry[]): Promise<void> {
    await redis.del(`${base(name)}:events`);
    for (const [id, fields] of entries) await redis.xadd(`${base(name)}:events`, id, ...fields);
  }

  async function harm(name: string, what: Damage): Promise<void> {
    const entries = await entriesOf(name);
    const entry = 'entry' in what ? entries[what.entry % entries.length] : undefined;
    const fields = Object.keys(await redis.hgetall(`${base(name)}:meta`)).sort();
    const field = 'field' in what ? (fields[what.field % fields.length] ?? '') : '';
    switch (what.do) {
      case 'change entry': {
        const texts = entry?.[1] ?? [];
        const value = 2 * (what.field % 3) + 1;
        texts[value] = changed(texts[value] ?? '', what.at);
        return rewrite(name, entries);
      }
      case 'remove entry':
        await redis.xdel(`${base(name)}:events`, entry?.[0] ?? '');
        return;
      case 'swap entries': {
        const other = entries[(what.entry + 1) % entries.length];
        if (entry !== undefined && other !== undefined) [entry[1], other[1]] = [other[1], entry[1]];
        return rewrite(name, entries);
      }
      case 'set field':
        await redis.hset(`${base(name)}:meta`, field, what.to);
        return;
      case 'remove field':
        await redis.hdel(`${base(name)}:meta`, field);
        return;
      case 'change part': {
        const [key = ''] = await redis.keys(`${base(name)}:checkpoint:*`);
        const parts = await redis.lrange(key, 0, -1);
        const at = what.part % parts.length;
        await redis.lset(key, at, changed(parts[at] ?? '', what.at));
        return;
      }
      case 'remove key': {
        const keys = (await redis.keys(`${base(name)}:*`)).sort();
        await redis.del(keys[what.key % keys.length] ?? '');
      }
    }
  }

  /** Nothing that is read is wrong: either all is there, or it is said where that ends. */
  async function expectHonest(
    name: string,
    options: { readonly readonly: boolean },
  ): Promise<void> {
    const events: PoolEvent[] = [];
    let store: RedisStore | undefined;
    try {
      store = await openIn(server, name, options);
      for await (const batch of store.read()) events.push(...batch);
      expect(events.length === 0 || events.length === EVENTS.length).toBe(true);
      const kept = await store.latestCheckpoint();
      if (kept !== undefined)
        expect(kept).toEqual({ seq: CHECKPOINT, state: sampleState(CHECKPOINT) });
    } catch (error) {
      if (error instanceof StoreCorrupt) expect(error.seq).toBeLessThanOrEqual(EVENTS.length);
      expect((error as Error).message).toMatch(/^expected /);
    } finally {
      await store?.close();
    }
    expect(events).toEqual(EVENTS.slice(0, events.length));
  }

  test('anyhow says so, and gives no event that was not appended', async () => {
    await fc.assert(
      fc.asyncProperty(damage, async (what) => {
        const name = await written();
        await harm(name, what);
        await expectHonest(name, { readonly: true });
        await expectHonest(name, { readonly: false });
      }),
      runs(isLong ? 600 : 180),
    );
  });

  test.each<[string, Damage, number]>([
    ['in an entry', { do: 'change entry', entry: 2, field: 2, at: 50 }, samples.length + 40],
    ['by the loss of an entry', { do: 'remove entry', entry: 3 }, samples.length + 41],
    ['by the loss of the last entry', { do: 'remove entry', entry: 5 }, EVENTS.length - 60],
  ])('%s is read up to there', async (_where, what, seq) => {
    const name = await written();
    await harm(name, what);
    const store = await openIn(server, name, { readonly: true });
    const read: PoolEvent[] = [];
    const reading = (async () => {
      for await (const batch of store.read()) read.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'StoreCorrupt', seq });
    expect(read).toEqual(EVENTS.slice(0, seq));
  });

  test('by the loss of its meta data is not written, and can be read', async () => {
    const name = await written();
    await redis.del(`${base(name)}:meta`);
    await expect(openIn(server, name)).rejects.toThrow(StoreCorrupt);
    const store = await openIn(server, name, { readonly: true });
    const read: PoolEvent[] = [];
    for await (const batch of store.read()) read.push(...batch);
    expect(read).toEqual(EVENTS);
  });
});

/** A text with another character at a place. */
function changed(text: string, at: number): string {
  const place = at % Math.max(1, text.length);
  return `${text.slice(0, place)}${text[place] === '7' ? '8' : '7'}${text.slice(place + 1)}`;
}
