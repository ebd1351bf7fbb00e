/** Disks that are full, and files that are taken away. */

import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreFull, StoreRemoved } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { JournalWriter } from '../../support/journal-writer.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked } from '../../support/sample-events.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { jsonlKind, kinds, newPath, replaceFiles } from '../../support/stores.ts';
import { hasTool } from '../../support/tools.ts';

const hasPrlimit = hasTool('prlimit');

describe.each(kinds)('$name', (kind) => {
  test.skipIf(!hasPrlimit).each(['os', 'event'] as const)(
    'on a full disk, %s: keeps what it had promised',
    async (durability) => {
      const disk = await smallDisk('600k');
      // Then a process may not write more to a file, which is much the same.
      if (disk === undefined) {
        await onlySmallFiles(durability);
        return;
      }
      const path = join(disk, 'journal');
      const store = await kind.open(path, { durability });
      let next = 0;
      let failure: unknown;
      while (failure === undefined && next < 100_000) {
        const batch = locked(next, 100);
        try {
          if (store.appendSync === undefined) await store.append(batch);
          else store.appendSync(batch);
          next += batch.length;
        } catch (error) {
          failure = error;
        }
      }
      expect(failure).toBeInstanceOf(StoreFull);
      expect(next).toBeGreaterThan(1000);
      expect(statfsSync(disk).bfree).toBeLessThan(20);
      // It stays so, even if there is room again.
      expect(await rejectionOf(store.append(locked(next, 1)))).toBe(failure);
      if (store.appendSync !== undefined)
        expect(() => store.appendSync?.(locked(next, 1))).toThrow(StoreFull);
      expect(await all(store.read())).toEqual(locked(0, next));
      await store.close();
      const reader = await kind.open(path, { readonly: true });
      expect(await all(reader.read())).toEqual(locked(0, next));
    },
  );

  test.skipIf(!hasPrlimit)(
    'that may not write any more to a file, keeps what it had promised',
    () => onlySmallFiles('os'),
  );

  /** A limit on the size of files, in a process of its own. */
  async function onlySmallFiles(durability: string): Promise<void> {
    const path = await newPath();
    const writer = JournalWriter.start(kind, path, {
      options: { durability, maxBatch: durability === 'event' ? 4 : 300 },
      command: ['prlimit', '--fsize=400000', process.execPath],
    });
    expect(await writer.exitCode).toBe(1);
    if (kind.type === 'jsonl') expect(writer.output).toContain('StoreFull');
    const store = await kind.open(path);
    expect(writer.stored).toBeGreaterThan(0);
    // What was refused at the end may be there all the same, if it was the disk's last word.
    expect(store.nextSeq).toBeGreaterThan(writer.stored);
    expect(await all(store.read())).toEqual(locked(0, store.nextSeq));
  }

  test.each<[string, (path: string) => void]>([
    ['removed', (path) => rmSync(path, { recursive: true })],
    [
      'removed, and another one is there',
      (path) => {
        rmSync(path, { recursive: true });
        writeFileSync(path, '');
      },
    ],
  ])('whose file was %s, says so and does not write on', async (_, remove) => {
    const store = await kind.open(await newPath());
    await store.append(locked(0, 10));
    remove(store.path);
    const error = await rejectionOf(store.append(locked(10, 10)));
    expect(error).toBeInstanceOf(StoreRemoved);
    expect((error as Error).message).toContain(store.path);
    expect(await rejectionOf(store.append(locked(10, 10)))).toBe(error);
  });

  test('whose files were replaced by copies, says so', async () => {
    const store = await kind.open(await newPath());
    await store.append(locked(0, 10));
    replaceFiles(store);
    await expect(store.append(locked(10, 10))).rejects.toThrow(StoreRemoved);
  });
});

test('a folder that is being removed, file by file, is no journal that somebody has taken over', async () => {
  const store = await jsonlKind.open(await newPath());
  await store.append(locked(0, 10));
  for (const name of readdirSync(store.path)) {
    if (!name.startsWith('events-')) rmSync(join(store.path, name));
  }
  const error = await rejectionOf(store.append(locked(10, 10)));
  expect(error).toBeInstanceOf(StoreRemoved);
  expect((error as Error).message).toMatch(/was removed: .*opening/);
});
