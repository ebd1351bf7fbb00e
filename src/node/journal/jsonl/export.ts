/**
 * Exports and imports journals as one text file: for archives, for analysis, and to convert between kinds of stores.
 */

import { open, rename, rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type CheckpointPart,
  type EventStore,
  JoinedCheckpoint,
  type PoolEvent,
  type SeqRange,
  StoreCorrupt,
  splitCheckpoint,
} from '../../../index.ts';
import { checkCount } from '../../../kit/checks.ts';
import { OptionBag } from '../../../kit/option-bag.ts';
import { fileError } from '../file-error.ts';
import { BatchCursor } from './batch-cursor.ts';
import { plainBytesOf } from './batch-format.ts';
import { firstLine, lastLine, partText, type SnapshotInFile, snapshotAt } from './snapshot-file.ts';

/** The result of an export or import. */
export interface Transfer {
  /** The number of events. */
  readonly events: number;
}

/**
 * Writes the latest snapshot of a store and its events, or a range of them, to a file. An existing file is replaced.
 *
 * @throws the errors of `read`, and of writing the file. An existing file is left unchanged then.
 */
export async function exportJsonl(
  store: EventStore,
  path: string,
  range: SeqRange = {},
): Promise<Transfer> {
  const draft = `${path}.draft`;
  let events = 0;
  try {
    const file = await open(draft, 'w');
    try {
      const snapshot = await store.latestCheckpoint();
      if (snapshot !== undefined && snapshot.seq <= (range.toSeq ?? snapshot.seq)) {
        const { seq, state } = snapshot;
        await file.appendFile(firstLine(seq));
        let parts = 0;
        for (const part of splitCheckpoint(state)) {
          await file.appendFile(partText(seq, parts++, JSON.stringify(part)));
        }
        await file.appendFile(lastLine(seq, parts));
      }
      for await (const batch of store.read(range)) {
        const [first] = batch;
        if (first === undefined) continue;
        const lines = batch.map((event) => JSON.stringify(event));
        await file.appendFile(plainBytesOf(first.seq, lines));
        events += batch.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw fileError(error, path);
  }
  return { events };
}

/** The options of an import. */
export interface ImportOptions {
  /** The last event to import; later ones are not read, and may be damaged. Default: the last one in the file. */
  readonly toSeq?: number;
}

const importOptions = new OptionBag<ImportOptions>({ toSeq: [checkCount] });

/**
 * Appends the events of an exported file to a store, and stores its checkpoint. The store should be empty, or end
 * where the file begins. The whole file is checked before the first event is appended.
 *
 * @throws StoreCorrupt if the file is damaged or truncated: nothing is stored then, and `seq` is that of the first
 *   unreadable event. TypeError, RangeError for invalid options. The errors of `append` and `checkpoint`.
 */
export async function importJsonl(
  path: string,
  store: EventStore,
  options: ImportOptions = {},
): Promise<Transfer> {
  importOptions.check('importJsonl()', options);
  const { toSeq = Number.POSITIVE_INFINITY } = options;
  const file = await open(path, 'r');
  try {
    const found = snapshotAt(file.fd, path);
    const snapshot = found && readWhole(found);
    const range = { position: snapshot?.end ?? 0 };
    const batches = (): AsyncIterable<readonly PoolEvent[]> =>
      batchesOf(new BatchCursor(file.fd, path, range), path, toSeq);
    for await (const _checked of batches());
    let events = 0;
    for await (const batch of batches()) {
      await store.append(batch);
      events += batch.length;
    }
    if (snapshot !== undefined && snapshot.seq <= toSeq) {
      const { seq, state } = snapshot;
      await store.checkpoint({ seq, state });
    }
    return { events };
  } finally {
    await file.close();
  }
}

/** The batches of a file up to an event, yielding to the event loop in between. */
async function* batchesOf(
  cursor: BatchCursor,
  path: string,
  toSeq: number,
): AsyncGenerator<readonly PoolEvent[]> {
  // Later contents may be damaged, so they are not read.
  while (cursor.nextSeq <= toSeq) {
    const batch = cursor.next();
    if (batch === undefined) break;
    const { first, last } = batch;
    if (first > toSeq) return;
    yield last > toSeq ? batch.events().slice(0, toSeq + 1 - first) : batch.events();
    await nextTurn();
  }
  const { nextSeq, rest } = cursor;
  if (rest > 0 && nextSeq <= toSeq) {
    throw new StoreCorrupt(`expected event ${nextSeq}, got the end of ${path}`, nextSeq);
  }
}

/** A snapshot, and the position where it ends. */
function readWhole({ seq, parts }: SnapshotInFile) {
  const joined = new JoinedCheckpoint();
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return { seq, state: joined.end(), end: value };
    joined.add(JSON.parse(value) as CheckpointPart);
  }
}
