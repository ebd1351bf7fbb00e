/** The lock of a journal, and what is left of it. */

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
