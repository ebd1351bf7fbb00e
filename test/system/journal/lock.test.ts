/** The lock of a journal, and what is left of it. */

import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreLocked, TaskPool, TaskPoolError } from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { all } from '../../support/batches.ts';
import { locked } from '../../support/sample-events.ts';
import { type DurableKind, kinds, newPath } from '../../support/stores.ts';

const lockOf = (kind: DurableKind, path: string): string =>
  kind.type === 'sqlite' ? `${path}.lock` : join(path, 'lock');

describe.each(kinds)('$name', (kind) => {
  test('removes what processes have left that were killed while they took its lock', async () => {
    const path = await newPath();
    const first = await kind.open(path);
    await first.append(locked(0, 3));
    const lock = lockOf(kind, path);
    const holder = JSON.parse(readFileSync(lock, 'utf8'));
    await first.close();
    const dead = JSON.stringify({ ...holder, pid: 2 ** 30 });
    writeFileSync(`${lock}.${randomUUID()}`, dead);
    writeFileSync(`${lock}.taking`, dead);
    const cut = `${lock}.${randomUUID()}`;
    writeFileSync(cut, dead.slice(0, 9));
    utimesSync(cut, new Date(0), new Date(0));
    // Of one that is about to take it, and of somebody else.
    const running = `${lock}.${randomUUID()}`;
    writeFileSync(running, JSON.stringify(holder));
    writeFileSync(`${lock}.mine`, 'mine');
    const store = await kind.open(path);
    const left = readdirSync(dirname(lock)).filter((name) => name.startsWith(basename(lock)));
    expect(left.sort()).toEqual(
      [basename(lock), `${basename(lock)}.mine`, basename(running)].sort(),
    );
    await store.close();
  });

  test('is one journal, whichever path leads to it', async () => {
    const path = await newPath();
    const store = await kind.open(path);
    const link = `${path}-link`;
    symlinkSync(path, link);
    await expect(kind.open(link)).rejects.toThrow(StoreLocked);
    await store.close();
    const linked = await kind.open(link);
    await expect(kind.open(path)).rejects.toThrow(StoreLocked);
    await linked.close();
  });

  test('knows when its place was made anew, and another one writes there', async () => {
    const path = await newPath();
    const store = await kind.open(path);
    await store.append(locked(0, 3));
    rmSync(dirname(path), { recursive: true });
    mkdirSync(dirname(path));
    const other = await kind.open(path);
    await other.append(locked(0, 2));
    await expect(store.append(locked(3, 1))).rejects.toThrow(TaskPoolError);
    await other.append(locked(2, 1));
    expect(await all(other.read())).toEqual(locked(0, 3));
    await other.close();
    await store.close();
  });

  test.each(['', 'a\0b', 5, undefined])('is not at %j', async (path) => {
    const expected = /^expected the path of a journal to be the path of a file, got /;
    await expect(kind.open(path as string)).rejects.toThrow(expected);
  });

  test('is for no pool if it has events, or is read only', async () => {
    const path = await newPath();
    const store = await kind.open(path);
    await store.append(locked(0, 3));
    expect(() => new TaskPool({ journal: store })).toThrow(
      'expected an empty store, got one that holds 3 events: recover the pool from it instead',
    );
    await store.close();
    const reader = await kind.open(path, { readonly: true });
    const refusal = 'expected a store that was opened to write, got one that is read only';
    expect(() => new TaskPool({ journal: reader })).toThrow(refusal);
    await expect(recoverTaskPool(reader, { functions: {} })).rejects.toThrow(refusal);
  });

  test('can be opened again at once after its folder was renamed and it was closed', async () => {
    const path = await newPath();
    const store = await kind.open(path);
    await store.append(locked(0, 3));
    const folder = dirname(path);
    const renamed = `${folder}-renamed`;
    renameSync(folder, renamed);
    await store.close().catch(() => {});
    const again = await kind.open(join(renamed, basename(path)));
    expect(await all(again.read())).toEqual(locked(0, 3));
    await again.close();
    renameSync(renamed, folder);
  });
});
