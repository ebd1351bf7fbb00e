/** What a disk does to a journal is found, and never taken for what was appended. */

import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PoolEvent, StoreCorrupt } from 'xstate-taskpool';
import type { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { all } from '../../support/batches.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { isLong } from '../../support/length.ts';
import { runs } from '../../support/runs.ts';
import { locked, sampleState, samples } from '../../support/sample-events.ts';
import { type DurableKind, filesOf, jsonlKind, kinds, sqliteKinds } from '../../support/stores.ts';

/** Nothing here waits for the disk. */
const FAST = { durability: 'none' } as const;

/** Events in batches of different sizes. */
const BATCHES = [samples, ...[40, 1, 25, 3, 60].reduce(nextBatch, [] as PoolEvent[][])];
const EVENTS = BATCHES.flat();
/** Not in the first file, which has the first batch. */
const SNAPSHOT = samples.length + 10;

function nextBatch(batches: PoolEvent[][], size: number): PoolEvent[][] {
  const from = batches.at(-1)?.at(-1)?.seq ?? samples.length - 1;
  return [...batches, locked(from + 1, size)];
}

async function written(kind: DurableKind, options: object = {}): Promise<string> {
  const path = join(await temporaryFolder(), 'journal');
  const store = await kind.open(path, { segmentBytes: 2000, ...FAST, ...options });
  for (const batch of BATCHES) await store.append(batch);
  await store.checkpoint({ seq: SNAPSHOT, state: sampleState(SNAPSHOT) });
  await store.close();
  return path;
}

/** What a reader gets: events, and at last an error unless all was read. */
interface Found {
  readonly events: PoolEvent[];
  readonly error: unknown;
  readonly snapshot: unknown;
}

async function look(kind: DurableKind, path: string, options: object): Promise<Found> {
  const events: PoolEvent[] = [];
  let snapshot: unknown;
  try {
    const store = await kind.open(path, { ...FAST, ...options });
    try {
      for await (const batch of store.read()) events.push(...batch);
      snapshot = await store.latestCheckpoint();
    } finally {
      await store.close();
    }
  } catch (error) {
    return { events, error, snapshot };
  }
  return { events, error: undefined, snapshot };
}

/** Nothing that was read is wrong; either all was read, or it was said where that ends. */
function expectHonest({ events, error, snapshot }: Found, mayEndEarly: boolean): void {
  expect(events).toEqual(EVENTS.slice(0, events.length));
  if (error === undefined) {
    if (!mayEndEarly) expect(events).toHaveLength(EVENTS.length);
    if (snapshot !== undefined)
      expect(snapshot).toMatchObject({ seq: SNAPSHOT, state: sampleState(SNAPSHOT) });
  } else if (error instanceof StoreCorrupt) {
    expect(error.seq).toBeLessThanOrEqual(EVENTS.length);
  } else {
    expect((error as Error).message).toMatch(/^expected /);
  }
}

describe('a file of a JsonlStore', () => {
  test('that is cut off at any byte loses the batch that is cut, and says so', async () => {
    const path = join(await temporaryFolder(), 'journal');
    const batches = [locked(0, 2), locked(2, 1), ...(isLong ? [locked(3, 6)] : [])];
    const first = await jsonlKind.open(path, FAST);
    for (const batch of batches) await first.append(batch);
    await first.close();
    const [file = ''] = filesOf(path);
    const whole = readFileSync(file);
    const ends = endsOfBatches(whole);
    const isBorder = (length: number) => [0, ...ends].some((end) => Math.abs(end - length) < 4);
    for (let length = whole.length; length >= 0; length--) {
      if (!isLong && length % 7 > 0 && !isBorder(length)) continue;
      // Nothing is left of what was written the last time.
      for (const name of filesOf(path)) rmSync(name);
      writeFileSync(file, whole.subarray(0, length));
      const kept = ends.filter((end) => end <= length).length;
      const events = batches.slice(0, kept).flat();
      const found = await look(jsonlKind, path, { readonly: true });
      expect(found).toEqual({ events, error: undefined, snapshot: undefined });

      const store = (await jsonlKind.open(path, FAST)) as JsonlStore;
      const rest = length - (ends[kept - 1] ?? 0);
      const tornTail = rest === 0 && kept > 0 ? undefined : { seq: events.length, bytes: rest };
      expect(store.tornTail).toEqual(tornTail);
      await store.append(locked(events.length, 5));
      expect(await all(store.read())).toEqual([...events, ...locked(events.length, 5)]);
      await store.close();
    }
  });

  test('that ends in a hole, as a power loss may leave it, loses the batch in the hole', async () => {
    const path = await written(jsonlKind, { segmentBytes: 1e9 });
    const [file = ''] = filesOf(path).filter((name) => name.includes('events-'));
    const whole = readFileSync(file);
    const start = endsOfBatches(whole).at(-2) ?? 0;
    for (const from of [start, start + 100, start + 1000]) {
      writeFileSync(
        file,
        Buffer.concat([whole.subarray(0, from), Buffer.alloc(whole.length - from)]),
      );
      const { events, error } = await look(jsonlKind, path, { readonly: true });
      expect({ events, error }).toEqual({ events: BATCHES.slice(0, -1).flat(), error: undefined });
    }
  });

  test('that is missing between two others is found when it is due', async () => {
    const path = await written(jsonlKind);
    const files = filesOf(path).filter((name) => name.includes('events-'));
    expect(files.length).toBeGreaterThan(2);
    rmSync(files[1] ?? '');
    const { events, error } = await look(jsonlKind, path, {});
    const missing = Number(/\d+/.exec(basename(files[1] ?? ''))?.[0]);
    expect(events).toEqual(EVENTS.slice(0, missing));
    expect(error).toBeInstanceOf(StoreCorrupt);
    expect((error as StoreCorrupt).seq).toBe(missing);
  });

  test('that ends before the snapshot is not gone on with', async () => {
    const path = await written(jsonlKind);
    for (const file of filesOf(path).filter((name) => /events-0*[1-9]/.test(name))) rmSync(file);
    const { error } = await look(jsonlKind, path, {});
    expect(error).toBeInstanceOf(StoreCorrupt);
    expect((error as StoreCorrupt).seq).toBeLessThanOrEqual(SNAPSHOT);
  });
});

describe.each(kinds)('$name: a journal', (kind) => {
  test('in which one bit is wrong, is never read wrong', async () => {
    const path = await written(kind);
    const originals = filesOf(path).map((file) => ({ file, bytes: readFileSync(file) }));
    const total = originals.reduce((sum, { bytes }) => sum + bytes.length, 0);
    await fc.assert(
      fc.asyncProperty(fc.nat(total * 8 - 1), fc.boolean(), async (bit, readonly) => {
        flip(originals, bit);
        const found = await look(kind, path, { readonly });
        restore(kind, path, originals);
        expectHonest(found, false);
      }),
      runs(isLong ? 300 : 240),
    );
  });

  test('that is cut off anywhere, is never read wrong', async () => {
    const path = await written(kind);
    const originals = filesOf(path).map((file) => ({ file, bytes: readFileSync(file) }));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(originals.length - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        async (place, part, readonly) => {
          const { file, bytes } = originals[place] as (typeof originals)[number];
          truncateSync(file, Math.floor(bytes.length * part));
          const found = await look(kind, path, { readonly });
          restore(kind, path, originals);
          // The last file of lines may end anywhere; an empty database is a new one.
          expectHonest(found, true);
        },
      ),
      runs(60),
    );
  });
});

describe.each(sqliteKinds)('$name: a log that a crash has left', (kind) => {
  test('in which one bit is wrong, is never read wrong', async () => {
    const path = join(await temporaryFolder(), 'journal');
    const store = await kind.open(path);
    for (const batch of BATCHES) await store.append(batch);
    // What a process leaves that is killed now, and whose number is free again.
    const crashed = `${path}-crashed`;
    const ends = ['', '-wal', '-shm', '.lock'];
    for (const end of ends) copyFileSync(path + end, crashed + end);
    const lock = JSON.parse(readFileSync(`${path}.lock`, 'utf8'));
    writeFileSync(`${crashed}.lock`, JSON.stringify({ ...lock, pid: 2 ** 30 }));
    const originals = ends
      .map((end) => crashed + end)
      .map((file) => ({ file, bytes: readFileSync(file) }));
    expect((await look(kind, crashed, {})).events).toEqual(EVENTS);

    const log = originals.slice(1, 2);
    const bits = (log[0]?.bytes.length ?? 0) * 8;
    await fc.assert(
      fc.asyncProperty(fc.nat(bits - 1), fc.boolean(), async (bit, readonly) => {
        restore(kind, crashed, originals);
        flip(log, bit);
        // Looking at it does not make it look sound.
        for (let time = 0; time < 2; time++) {
          expectHonest(await look(kind, crashed, { readonly }), false);
        }
      }),
      runs(isLong ? 200 : 160),
    );
    restore(kind, crashed, originals);
    truncateSync(`${crashed}-wal`, 0);
    expect((await look(kind, crashed, {})).error).toBeInstanceOf(StoreCorrupt);
  });

  test('whose last frame was being written, is read up to there', async () => {
    const path = join(await temporaryFolder(), 'journal');
    const store = await kind.open(path);
    await store.append(locked(0, 100));
    const crashed = `${path}-crashed`;
    for (const end of ['', '-wal', '-shm']) copyFileSync(path + end, crashed + end);
    await store.append(locked(100, 100));
    const longer = readFileSync(`${path}-wal`);
    const { length } = readFileSync(`${crashed}-wal`);
    for (const part of [10, 24, 30, 2000, 4120, 4200]) {
      writeFileSync(`${crashed}-wal`, longer.subarray(0, length + part));
      const { events, error } = await look(kind, crashed, { readonly: true });
      expect({ events, error }).toEqual({ events: locked(0, 100), error: undefined });
    }
  });
});

type Original = { readonly file: string; readonly bytes: Buffer };

function flip(originals: readonly Original[], bit: number): void {
  let place = bit >> 3;
  for (const { file, bytes } of originals) {
    if (place < bytes.length) {
      const damaged = Buffer.from(bytes);
      damaged[place] = (damaged[place] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(file, damaged);
      return;
    }
    place -= bytes.length;
  }
}

function restore(kind: DurableKind, path: string, originals: readonly Original[]): void {
  if (kind.type === 'jsonl') rmSync(path, { recursive: true });
  else for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  if (kind.type === 'jsonl') mkdirSync(path);
  for (const { file, bytes } of originals) writeFileSync(file, bytes);
}

/** Where each batch of a file ends. */
function endsOfBatches(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let place = 0; place < bytes.length; ) {
    const newline = bytes.indexOf('\n', place);
    const header = JSON.parse(bytes.toString('utf8', place, newline));
    place = newline + 1 + header.bytes;
    ends.push(place);
  }
  return ends;
}
