/** Journals as one text file: to keep, to look into, to carry from one kind of store to another. */

import { open, rename, rm } from 'node:fs/promises';
import {
  type CheckpointPart,
  type EventStore,
  JoinedCheckpoint,
  type SeqRange,
  StoreCorrupt,
  splitCheckpoint,
} from '../../../index.ts';
import { fileError } from '../file-error.ts';
import { BatchCursor } from './batch-cursor.ts';
import { plainBytesOf } from './batch-format.ts';
import { firstLine, lastLine, partText, type SnapshotInFile, snapshotAt } from './snapshot-file.ts';

/** What was exported or imported. */
export interface Transfer {
  /** How many events. */
  readonly events: number;
}

/**
 * Writes the latest snapshot of a store and its events, or a range of them, to a file, in place of
 * what is there.
 *
 * @throws what `read` throws. The file is left as it was then.
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

/**
 * Appends the events of an exported file, and stores its snapshot. The store should be empty, or
 * end where the file begins.
 *
 * @throws StoreCorrupt where the file is damaged or cut off: the events before that are stored then.
 * What `append` and `snapshot` throw.
 */
export async function importJsonl(path: string, store: EventStore): Promise<Transfer> {
  const file = await open(path, 'r');
  try {
    const found = snapshotAt(file.fd, path);
    const snapshot = found && readWhole(found);
    const cursor = new BatchCursor(file.fd, path, { position: snapshot?.end ?? 0 });
    let events = 0;
    for (let batch = cursor.next(); batch !== undefined; batch = cursor.next()) {
      await store.append(batch.events());
      events += batch.last - batch.first + 1;
    }
    if (cursor.rest > 0) {
      const { nextSeq } = cursor;
      throw new StoreCorrupt(`expected event ${nextSeq}, got the end of ${path}`, nextSeq);
    }
    if (snapshot !== undefined) {
      const { seq, state } = snapshot;
      await store.checkpoint({ seq, state });
    }
    return { events };
  } finally {
    await file.close();
  }
}

/** A snapshot, and where it ends. */
function readWhole({ seq, parts }: SnapshotInFile) {
  const joined = new JoinedCheckpoint();
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return { seq, state: joined.end(), end: value };
    joined.add(JSON.parse(value) as CheckpointPart);
  }
}
