/** A journal that is in use by more than one process. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreLocked, StorePruned } from 'xstate-taskpool';
import { all, events, range, seqs, take } from '../../support/batches.ts';
import { JournalWriter } from '../../support/journal-writer.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { type DurableKind, kinds, newPath } from '../../support/stores.ts';

const lockOf = (kind: DurableKind, path: string): string =>
  kind.type === 'jsonl' ? join(path, 'lock') : `${path}.lock`;

describe.each(kinds)('$name: the lock', (kind) => {
  test('is held by a process, and can be taken when that has died', async () => {
    const path = await newPath();
    const writer = JournalWriter.start(kind, path, { limit: 10 });
    await writer.says(/done\n/);
    const { pid } = JSON.parse(readFileSync(lockOf(kind, path), 'utf8'));
    const error = await rejectionOf(kind.open(path));
    expect(error).toBeInstanceOf(StoreLocked);
    expect((error as Error).message).toContain(`process ${pid} on `);
    writer.kill('SIGKILL');
    await writer.exitCode;
    const store = await kind.open(path);
    expect(await store.append(locked(10, 1))).toEqual({ lastSeq: 10 });
  });

  test('is given back when the store is closed', async () => {
    const path = await newPath();
    const store = await kind.open(path);
    await expect(kind.open(path)).rejects.toThrow(StoreLocked);
    await store.close();
    await kind.open(path);
  });

  test('is given back when what is there is no journal, which is left alone', async () => {
    const path = await newPath();
    const text = 'not a journal, '.repeat(500);
    writeFileSync(path, text);
    for (let time = 0; time < 2; time++) {
      const error = await rejectionOf(kind.open(path));
      expect(error).not.toBeInstanceOf(StoreLocked);
      expect((error as Error).message).toMatch(/^expected /);
    }
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.each<[string, object, boolean]>([
    ['of a process that does not run is taken', { pid: 2 ** 30 }, true],
    ['of our number, when that was somebody else’s, is taken', { started: 'earlier' }, true],
    ['of another host, whose processes we cannot see, is not', { host: 'elsewhere' }, false],
  ])('%s', async (_, change, isTaken) => {
    const path = await newPath();
    writeFileSync(lockOf(kind, path), JSON.stringify({ ...(await holder(kind, path)), ...change }));
    if (isTaken) await kind.open(path);
    else await expect(kind.open(path)).rejects.toThrow(StoreLocked);
  });

  test('that a power loss has left empty is taken', async () => {
    const path = await newPath();
    await holder(kind, path);
    writeFileSync(lockOf(kind, path), '');
    await kind.open(path);
  });

  test('of a dead process is taken by one only of many who try', async () => {
    const path = await newPath();
    const dead = { ...(await holder(kind, path)), pid: 2 ** 30 };
    writeFileSync(lockOf(kind, path), JSON.stringify(dead));
    const writers = Array.from({ length: 4 }, () => JournalWriter.start(kind, path, { limit: 5 }));
    const ends = await Promise.all(
      writers.map((writer) => writer.says(/done\n|StoreLocked: .*\n/).then(() => writer.output)),
    );
    expect(ends.filter((output) => /^done$/m.test(output))).toHaveLength(1);
  });
});

describe.each(kinds)('$name: a reader', (kind) => {
  test('follows what another process writes, over files, crashes and restarts', async () => {
    const path = await newPath();
    const options = { segmentBytes: 20_000 };
    const first = JournalWriter.start(kind, path, { options });
    await first.says(/stored \d+\n/);
    const reader = await kind.open(path, { readonly: true });
    const tail = events(reader.tail());
    expect(seqs(await take(tail, 3000))).toEqual(range(0, 2999));
    await first.killAfter(1);
    // More than the first one has written, however fast it was.
    const limit = first.stored + 5000;
    const second = JournalWriter.start(kind, path, { options, limit });
    expect(seqs(await take(tail, limit - 3000))).toEqual(range(3000, limit - 1));
    await second.says(/done\n/);
    const next = tail.next();
    await reader.close();
    expect((await next).done).toBe(true);
  });

  test('waits for events that are yet to come, and ends with its signal', async () => {
    const path = await newPath();
    const store = await kind.open(path);
    const reader = await kind.open(path, { readonly: true });
    const controller = new AbortController();
    const tail = events(reader.tail({ signal: controller.signal }));
    const next = tail.next();
    await store.append(locked(5, 2));
    expect((await next).value).toEqual(locked(5, 1)[0]);
    expect(reader).toMatchObject({ firstSeq: 5, nextSeq: 7 });
    expect(seqs(await all(reader.read()))).toEqual([5, 6]);
    await take(tail, 1);
    const last = tail.next();
    controller.abort();
    expect((await last).done).toBe(true);
  });

  test('is told when what it is to read next was let go', async () => {
    const path = await newPath();
    const limit = 10_000;
    const options = { segmentBytes: 5000, pruneEvery: 500 };
    const writer = JournalWriter.start(kind, path, { options, limit });
    await writer.says(/stored \d+\n/);
    // The reader is there long before the last one.
    writer.kill('SIGSTOP');
    const reader = await kind.open(path, { readonly: true });
    const tail = events(reader.tail({ fromSeq: reader.firstSeq }));
    await take(tail, 1);
    writer.kill('SIGCONT');
    await writer.says(/done\n/);
    // One batch of many was under way.
    await expect(take(tail, 2 * limit)).rejects.toThrow(StorePruned);
    const kept = await all(reader.read());
    expect(kept.at(-1)?.seq).toBe(limit - 1);
    expect(kept.length).toBeGreaterThanOrEqual(50);
    expect(kept.length).toBeLessThan(1000);
    expect(kept).toEqual(locked(limit - kept.length, kept.length));
  });

  test('cannot write, and needs a journal that is there', async () => {
    const path = await newPath();
    await expect(kind.open(path, { readonly: true })).rejects.toThrow(/ENOENT/);
    await (await kind.open(path)).append(locked(0, 3));
    const reader = await kind.open(path, { readonly: true });
    await expect(reader.append(locked(3, 1))).rejects.toThrow(TypeError);
    const snapshot = { seq: 1, state: sampleState(1) };
    await expect(reader.checkpoint(snapshot)).rejects.toThrow(TypeError);
    expect(await all(reader.read())).toHaveLength(3);
  });
});

/** The lock file of a store, as it was while that was open. */
async function holder(kind: DurableKind, path: string): Promise<object> {
  const store = await kind.open(path);
  const text = readFileSync(lockOf(kind, path), 'utf8');
  await store.close();
  return JSON.parse(text);
}
