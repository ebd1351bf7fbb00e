/** Two writers of one journal, neither of which can see whether the other one runs. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreLocked } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { type DurableStore, jsonlKind, kinds, newPath } from '../../support/stores.ts';

/** As a process in another container finds it: no process has the number in the lock. */
function loseLock({ path }: DurableStore): void {
  rmSync(path.endsWith('.db') ? `${path}.lock` : join(path, 'lock'));
}

describe.each(kinds)('$name: a journal that somebody else opens to write', (kind) => {
  const ending = kind.type === 'sqlite' ? '.db' : '';

  test.each(['os', 'batch', 'event'] as const)(
    'is not written by the one before any more, %s',
    async (durability) => {
      const path = (await newPath()) + ending;
      const first = await kind.open(path, { durability });
      await first.append(locked(0, 10));
      loseLock(first);
      const second = await kind.open(path, { durability });
      expect(second.nextSeq).toBe(10);
      const refused = await rejectionOf(first.append(locked(10, 3)));
      expect(refused).toBeInstanceOf(StoreLocked);
      expect((refused as Error).message).toContain('another process has taken over');
      if (first.appendSync !== undefined) {
        expect(() => first.appendSync?.(locked(10, 3))).toThrow(StoreLocked);
      }
      const snapshot = { seq: 9, state: sampleState(9) };
      expect(await rejectionOf(first.checkpoint(snapshot))).toBeInstanceOf(StoreLocked);
      await second.append(locked(10, 5));
      await second.append(locked(15, 5));
      expect(await all(second.read())).toEqual(locked(0, 20));
      await first.close();
      await second.append(locked(20, 1));
      await second.close();
      const third = await kind.open(path);
      expect(third.nextSeq).toBe(21);
      expect(await all(third.read())).toEqual(locked(0, 21));
    },
  );

  test('goes from hand to hand, and nothing that was promised is lost', async () => {
    const path = (await newPath()) + ending;
    const writers: DurableStore[] = [await kind.open(path, { segmentBytes: 700 })];
    let stored = 0;
    for (let round = 0; round < 60; round++) {
      const writer = writers[(round * 7919) % writers.length] as DurableStore;
      const size = 1 + (round % 5);
      try {
        await writer.append(locked(writer.nextSeq, size));
        expect(writer.nextSeq).toBe(stored + size);
        stored += size;
      } catch (error) {
        expect(error).toBeInstanceOf(StoreLocked);
      }
      if (round % 4 === 0) {
        loseLock(writers.at(-1) as DurableStore);
        const next = await kind.open(path, { segmentBytes: 700 });
        expect(next.nextSeq).toBeGreaterThanOrEqual(stored);
        stored = next.nextSeq;
        writers.push(next);
      }
    }
    const last = writers.at(-1) as DurableStore;
    expect(await all(last.read())).toEqual(locked(0, stored));
    const reader = await kind.open(path, { readonly: true });
    expect(await all(reader.read())).toEqual(locked(0, stored));
  });
});

test('what a writer adds to its file after it was taken over does not count', async () => {
  const path = await newPath();
  const first = await jsonlKind.open(path);
  await first.append(locked(0, 10));
  loseLock(first);
  const second = await jsonlKind.open(path);
  // It is written, and found to be too late after that.
  await expect(first.append(locked(10, 3))).rejects.toThrow(StoreLocked);
  await second.append(locked(10, 2));
  expect(await all(second.read())).toEqual(locked(0, 12));
  await second.close();
  await first.close();
  const third = await jsonlKind.open(path);
  expect(await all(third.read())).toEqual(locked(0, 12));
  await third.append(locked(12, 4));
  await third.checkpoint({ seq: 15, state: sampleState(15), prune: true });
  await third.append(locked(16, 4));
  expect(await all(third.read())).toEqual(locked(16, 4));
});

test('an opening in which nothing is appended leaves no file', async () => {
  const path = await newPath();
  const store = await jsonlKind.open(path);
  await store.append(locked(0, 1));
  await store.close();
  const before = readdirSync(path);
  expect(before).toHaveLength(1);
  for (let time = 0; time < 3; time++) await (await jsonlKind.open(path)).close();
  expect(readdirSync(path)).toEqual(before);
});

test('a journal whose writer died is gone on with however often', async () => {
  const path = await newPath();
  for (let life = 0; life < 5; life++) {
    const store = await jsonlKind.open(path);
    expect(store.nextSeq).toBe(life * 3);
    await store.append(locked(life * 3, 3));
    // What is left of a process that is killed: its files.
    const files = readdirSync(path).filter((name) => name !== 'lock');
    const kept = files.map((name) => [join(path, name), readFileSync(join(path, name))] as const);
    await store.close();
    for (const [file, bytes] of kept) writeFileSync(file, bytes);
  }
  const store = await jsonlKind.open(path);
  expect(await all(store.read())).toEqual(locked(0, 15));
});
