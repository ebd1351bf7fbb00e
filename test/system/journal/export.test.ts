/** Journals as one text file, from any store into any other. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemoryStore, StoreCorrupt } from 'xstate-taskpool';
import { exportJsonl, importJsonl } from 'xstate-taskpool/journal/jsonl';
import { all } from '../../support/batches.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked, sampleState, samples } from '../../support/sample-events.ts';
import { kinds, newPath } from '../../support/stores.ts';

const EVENTS = [...samples, ...locked(samples.length, 500)];

describe.each(kinds)('$name', (kind) => {
  test('is exported and imported whole, with its snapshot', async () => {
    const store = await kind.open(await newPath());
    await store.append(EVENTS);
    await store.checkpoint({ seq: 40, state: sampleState(40) });
    const file = await newPath();
    expect(await exportJsonl(store, file)).toEqual({ events: EVENTS.length });
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines.filter((line) => line.includes('"type"')).map((line) => JSON.parse(line))).toEqual(
      EVENTS,
    );

    for (const target of [await kind.open(await newPath()), new MemoryStore()]) {
      expect(await importJsonl(file, target)).toEqual({ events: EVENTS.length });
      expect(await all(target.read())).toStrictEqual(EVENTS);
      expect(await target.latestCheckpoint()).toMatchObject({ seq: 40, state: sampleState(40) });
    }
  });

  test('that holds a snapshot only, or the events after one, is imported as it is', async () => {
    for (const kept of [0, 7]) {
      const store = await kind.open(await newPath());
      await store.append(locked(0, 20));
      await store.checkpoint({ seq: 19, state: sampleState(19), prune: { keepLast: kept } });
      const file = await newPath();
      expect(await exportJsonl(store, file)).toEqual({ events: kept });
      const target = await kind.open(await newPath());
      await importJsonl(file, target);
      expect(await all(target.read())).toEqual(locked(20 - kept, kept));
      expect(await target.append(locked(20, 1))).toEqual({ lastSeq: 20 });
    }
  });
});

test('a range of events is exported without a snapshot of later ones', async () => {
  const store = new MemoryStore();
  await store.append(locked(0, 20));
  await store.checkpoint({ seq: 15, state: sampleState(15) });
  const file = await newPath();
  await exportJsonl(store, file, { fromSeq: 5, toSeq: 9 });
  const target = new MemoryStore();
  await importJsonl(file, target);
  expect(await all(target.read())).toEqual(locked(5, 5));
  expect(await target.latestCheckpoint()).toBe(undefined);
});

test('what cannot be exported leaves the file as it was', async () => {
  const store = new MemoryStore();
  await store.append(locked(10, 5));
  const file = await newPath();
  writeFileSync(file, 'before');
  await expect(exportJsonl(store, file, { fromSeq: 5 })).rejects.toThrow();
  expect(readFileSync(file, 'utf8')).toBe('before');
  expect(readdirSync(dirname(file))).toEqual(['journal']);
});

test('of a file that is damaged or cut off nothing is imported, or what is asked for', async () => {
  const store = new MemoryStore();
  await store.append(locked(0, 3000));
  await store.checkpoint({ seq: 5, state: sampleState(5) });
  const file = await newPath();
  await exportJsonl(store, file);
  const whole = readFileSync(file);
  const damages: Buffer[] = [whole.subarray(0, whole.length - 1)];
  for (let place = 0; place < whole.length; place += 8001) {
    const damaged = Buffer.from(whole);
    damaged[place] = (damaged[place] ?? 0) ^ 4;
    damages.push(damaged);
  }
  let numSaved = 0;
  for (const damaged of damages) {
    writeFileSync(file, damaged);
    const target = new MemoryStore();
    const error = await rejectionOf(importJsonl(file, target));
    expect(error).toBeInstanceOf(StoreCorrupt);
    expect(await all(target.read())).toEqual([]);
    expect(await target.latestCheckpoint()).toBe(undefined);
    const { seq } = error as StoreCorrupt;
    if (seq <= 5) continue;
    numSaved++;
    expect(await importJsonl(file, target, { toSeq: seq - 1 })).toEqual({ events: seq });
    expect(await all(target.read())).toEqual(locked(0, seq));
    expect((await target.latestCheckpoint())?.seq).toBe(5);
  }
  expect(numSaved).toBeGreaterThan(0);
});

test('a part of a file is imported, also of a batch', async () => {
  const store = new MemoryStore();
  await store.append(locked(10, 10));
  await store.checkpoint({ seq: 15, state: sampleState(15) });
  const file = await newPath();
  await exportJsonl(store, file);
  const target = new MemoryStore();
  expect(await importJsonl(file, target, { toSeq: 14 })).toEqual({ events: 5 });
  expect(await all(target.read())).toEqual(locked(10, 5));
  expect(await target.latestCheckpoint()).toBe(undefined);
  expect(await importJsonl(file, new MemoryStore(), { toSeq: 9 })).toEqual({ events: 0 });
  await expect(importJsonl(file, target, { toSeq: -1 })).rejects.toThrow(RangeError);
});
