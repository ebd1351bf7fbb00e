/** A journal in several files, of which one is full while it is still being forced to the disk. */

import { pbkdf2 } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { all } from '../../support/batches.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { jsonlKind, newPath } from '../../support/stores.ts';

/** Keeps the threads that also force files to the disk at work for a while. */
function keepThreadsBusy(): Promise<unknown> {
  const work = () => promisify(pbkdf2)('password', 'salt', 30_000, 64, 'sha512');
  return Promise.all(Array.from({ length: 8 }, work));
}

/** How many files of a folder this process has open. */
function openFilesOf(folder: string): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return links.filter((link) => link.startsWith(`${folder}/events`)).length;
}

test('a checkpoint waits for a file that becomes full and is closed meanwhile', async () => {
  const path = await newPath();
  const options = { durability: 'event', segmentBytes: 300 } as const;
  const first = await jsonlKind.open(path, options);
  first.appendSync?.(locked(0, 3));
  await first.close();
  // What an earlier process has written is not known to be on the disk.
  const store = await jsonlKind.open(path, options);
  const busy = keepThreadsBusy();
  const storing = store.checkpoint({ seq: 2, state: sampleState(2) });
  await new Promise((resolve) => setImmediate(resolve));
  for (let seq = 3; seq < 30; seq++) store.appendSync?.(locked(seq, 1));
  await storing;
  await busy;
  expect(openFilesOf(path)).toBeLessThanOrEqual(1);
  expect(await all(store.read())).toEqual(locked(0, 30));
  await store.close();
  expect(openFilesOf(path)).toBe(0);
});
