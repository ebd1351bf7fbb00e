/** Files beside those of a journal, links to them, and copies of them under other names. */

import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreCorrupt, StoreLocked } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { rejectionOf } from '../../support/observing.ts';
import { locked } from '../../support/sample-events.ts';
import { jsonlKind, newPath, sqliteKinds } from '../../support/stores.ts';

/** A closed journal of 30 events in 10 batches, and in a few files. */
async function written(): Promise<{ path: string; segments: string[] }> {
  const path = await newPath();
  const store = await jsonlKind.open(path, { segmentBytes: 600 });
  for (let seq = 0; seq < 30; seq += 3) await store.append(locked(seq, 3));
  await store.close();
  return { path, segments: readdirSync(path).filter((name) => name.startsWith('events-')) };
}

/** How reading ends that finds damage: after how many events, and where it says the damage is. */
async function readUntilDamage(path: string): Promise<{ events: number; seq: number }> {
  const reader = await jsonlKind.open(path, { readonly: true });
  let events = 0;
  const reading = (async () => {
    for await (const batch of reader.read()) events += batch.length;
  })();
  const error = await rejectionOf(reading);
  expect(error).toBeInstanceOf(StoreCorrupt);
  return { events, seq: (error as StoreCorrupt).seq };
}

describe('a folder of files', () => {
  test.each<[string, (path: string, second: string) => void]>([
    [
      'what editors and systems leave',
      (path, second) => {
        for (const name of [`${second}~`, `.${second}.swp`, `copy of ${second}`, '.DS_Store'])
          copyFileSync(join(path, second), join(path, name));
        mkdirSync(join(path, 'old'));
      },
    ],
    [
      'a link to a file elsewhere',
      (path, second) => {
        renameSync(join(path, second), join(dirname(path), second));
        symlinkSync(join(dirname(path), second), join(path, second));
      },
    ],
    [
      'a copy under a name of older versions',
      (path, second) =>
        copyFileSync(join(path, second), join(path, `${second.slice(0, 23)}.jsonl`)),
    ],
  ])('with %s is read and continued', async (_, change) => {
    const { path, segments } = await written();
    change(path, segments[1] ?? '');
    const store = await jsonlKind.open(path);
    expect(await all(store.read())).toEqual(locked(0, 30));
    expect(await store.append(locked(30, 1))).toEqual({ lastSeq: 30 });
  });

  test.each<[string, string, { events: number; seq: number }]>([
    ['a copy as of a later opening', '$1-00000003-$2', { events: 18, seq: 18 }],
    ['an empty file of a later opening, at the beginning', '', { events: 0, seq: 0 }],
  ])('%s hides nothing that was stored', async (_, name, expected) => {
    const { path, segments } = await written();
    const second = segments[1] ?? '';
    if (name === '')
      writeFileSync(join(path, 'events-0000000000000000-00000009-abcdef01.jsonl'), '');
    else copyFileSync(join(path, second), join(path, second.replace(/(.*)-\d{8}-(.*)/, name)));
    expect(await rejectionOf(jsonlKind.open(path))).toBeInstanceOf(StoreCorrupt);
    expect(await readUntilDamage(path)).toEqual(expected);
  });

  test('a file that begins within a batch is damage', async () => {
    const { path } = await written();
    writeFileSync(join(path, 'events-0000000000000007-00000009-abcdef01.jsonl'), '');
    expect(await rejectionOf(jsonlKind.open(path))).toBeInstanceOf(StoreCorrupt);
    expect(await readUntilDamage(path)).toEqual({ events: 6, seq: 6 });
  });

  test('a link to nothing is damage, and nothing that was dropped', async () => {
    const { path, segments } = await written();
    const second = join(path, segments[1] ?? '');
    rmSync(second);
    symlinkSync(join(path, 'nothing'), second);
    expect(await readUntilDamage(path)).toEqual({ events: 9, seq: 9 });
  });

  test('there is no opening after the last one that has a name', async () => {
    const { path } = await written();
    writeFileSync(join(path, 'opening-99999999.json'), '');
    expect(await rejectionOf(jsonlKind.open(path))).toBeInstanceOf(StoreCorrupt);
  });
});

describe.each(sqliteKinds)('$name', (kind) => {
  test('two names of one file are not written: each would have a log', async () => {
    const path = await newPath();
    const store = await kind.open(path);
    await store.append(locked(0, 3));
    linkSync(path, `${path}2`);
    expect(await rejectionOf(kind.open(`${path}2`))).toEqual(
      new TypeError(
        `expected a file with one name, got one with 2, by hard links; a copy has one: ${path}2`,
      ),
    );
    expect(await store.append(locked(3, 1))).toEqual({ lastSeq: 3 });
  });

  test('a link to a file that is not there yet has the lock of that file', async () => {
    const path = await newPath();
    symlinkSync(path, `${path}-link`);
    await kind.open(`${path}-link`);
    expect(await rejectionOf(kind.open(path))).toBeInstanceOf(StoreLocked);
  });

  test('a folder is refused, and what is no file', async () => {
    const path = dirname(await newPath());
    expect(await rejectionOf(kind.open(path))).toEqual(
      new TypeError(`expected a file for a journal, got a folder: ${path}`),
    );
    expect(await rejectionOf(kind.open('/dev/null', { readonly: true }))).toEqual(
      new TypeError('expected a file for a journal, got something else: /dev/null'),
    );
  });
});
