/** A disk that says it is full when it is told to write what it has, as some file systems do. */

import type * as fs from 'node:fs';
import { expect, test, vi } from 'vitest';
import { StoreFull } from 'xstate-taskpool';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { rejectionOf } from '../../support/observing.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { newPath } from '../../support/stores.ts';

const disk = vi.hoisted(() => ({ isFull: false }));
const full = () => Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });

vi.mock('node:fs', async (original) => {
  const actual = await original<typeof fs>();
  return {
    ...actual,
    fdatasync: (fd: number, done: (error: Error | null) => void) =>
      disk.isFull ? done(full()) : actual.fdatasync(fd, done),
    fdatasyncSync: (fd: number) => {
      if (disk.isFull) throw full();
      actual.fdatasyncSync(fd);
    },
  };
});

test.each(['os', 'batch', 'event'] as const)('%s: is StoreFull, for good', async (durability) => {
  const store = await JsonlStore.open(await newPath(), { durability });
  await store.append(locked(0, 10));
  disk.isFull = true;
  const refused =
    durability === 'os'
      ? store.checkpoint({ seq: 9, state: sampleState(9) })
      : store.append(locked(10, 1));
  expect(await rejectionOf(refused)).toBeInstanceOf(StoreFull);
  disk.isFull = false;
  // The next sync may succeed though what the first one was to write is lost.
  expect(await rejectionOf(store.append(locked(10, 1)))).toBeInstanceOf(StoreFull);
  await store.close().catch(() => {});
});
