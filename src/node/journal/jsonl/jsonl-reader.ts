/** Reads the segments of a journal in order. */

import { closeSync, openSync } from 'node:fs';
import { type PoolEvent, StoreCorrupt, StorePruned } from '../../../index.ts';
import { isMissing } from '../file-error.ts';
import { BatchCursor } from './batch-cursor.ts';
import { filesIn, type Segment } from './files.ts';
import { readFirst } from './first-event.ts';

/** The batches that hold a range of events. Throws `StoreCorrupt`, `StorePruned`. */
export function* readFiles(
  folder: string,
  fromSeq: number,
  toSeq: number,
): Generator<readonly PoolEvent[]> {
  let next = fromSeq;
  while (next <= toSeq) {
    const file = filesIn(folder).segments.findLast(({ seq }) => seq <= next);
    if (file === undefined) throw goneOrMissing(folder, next);
    const before = next;
    for (const events of readFile(folder, file, next, toSeq)) {
      yield events;
      next = (events.at(-1)?.seq ?? next) + 1;
    }
    if (next === before) {
      throw new StoreCorrupt(`expected event ${next}, got the end of ${file.path}`, next);
    }
  }
}

function goneOrMissing(folder: string, seq: number): Error {
  const first = readFirst(folder) ?? 0;
  if (seq < first) return new StorePruned(`expected a seq of at least ${first}, got ${seq}`);
  return new StoreCorrupt(`expected event ${seq}, got no file that holds it: ${folder}`, seq);
}

function* readFile(
  folder: string,
  { seq, path, end }: Segment,
  fromSeq: number,
  toSeq: number,
): Generator<readonly PoolEvent[]> {
  const fd = openIfThere(folder, path, fromSeq);
  try {
    const cursor = new BatchCursor(fd, path, { firstSeq: seq, end });
    while (cursor.nextSeq <= toSeq) {
      const batch = cursor.next(fromSeq);
      if (batch === undefined) return;
      yield batch.events();
    }
  } finally {
    closeSync(fd);
  }
}

function openIfThere(folder: string, path: string, seq: number): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw goneOrMissing(folder, seq);
  }
}
