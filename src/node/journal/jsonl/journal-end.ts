/** Finds the end of a journal, and checks that nothing is missing. It changes nothing. */

import { closeSync, openSync } from 'node:fs';
import { StoreCorrupt } from '../../../index.ts';
import { isMissing } from '../file-error.ts';
import { otherPool } from '../other-pool.ts';
import { BatchCursor } from './batch-cursor.ts';
import { filesIn, type JournalFiles, type Segment } from './files.ts';
import { readFirst } from './first-event.ts';
import { hidesEvents } from './hidden-events.ts';
import { readFiles } from './jsonl-reader.ts';
import { SegmentEnd } from './segment-end.ts';

/** The incomplete batch at the end. */
export interface TornTail {
  /** The `seq` of the event expected there. */
  readonly seq: number;
  /** The length of the batch in bytes. */
  readonly bytes: number;
}

export interface JournalEnd {
  /** The next event; undefined if it may be any. */
  readonly nextSeq: number | undefined;
  /** The pool of the events. */
  readonly pool: string | undefined;
  readonly tornTail: TornTail | undefined;
  /** The file with the last batch. */
  readonly lastFile: Segment | undefined;
}

const NOTHING: JournalEnd = {
  nextSeq: undefined,
  pool: undefined,
  tornTail: undefined,
  lastFile: undefined,
};

/**
 * @throws StoreCorrupt if stored data is missing or damaged.
 */
export function findEnd(folder: string): JournalEnd {
  const files = filesIn(folder);
  const snapshotSeq = files.snapshots.at(-1)?.seq ?? -1;
  const first = firstHeld(folder, files);
  const [oldest] = files.segments;
  if (oldest === undefined) {
    if (snapshotSeq === -1) return NOTHING;
    if (first <= snapshotSeq) throw missing(folder, first, 'no file with events');
    return { ...NOTHING, nextSeq: snapshotSeq + 1 };
  }
  if (oldest.seq > first) throw missing(folder, first, oldest.path);
  const end = lastBatch(files.segments);
  const next = end.nextSeq ?? oldest.seq;
  // An incomplete batch was never confirmed, unless something later was stored.
  if (next <= snapshotSeq) throw missing(folder, next, `the snapshot of event ${snapshotSeq}`);
  if (next < first) throw missing(folder, next, `${first} as the first event held`);
  if (hidesEvents(files, next))
    throw missing(folder, next, 'the file of a later opening before it');
  checkPool(folder, oldest, end);
  const hasBatch = end.lastFile !== undefined;
  return { ...end, nextSeq: hasBatch || snapshotSeq >= 0 || first > 0 ? next : undefined };
}

/** A file of another pool may have been put in the place of one of this pool. */
function checkPool(folder: string, oldest: Segment, { pool, nextSeq = 0 }: JournalEnd): void {
  const expected = firstPool(oldest);
  if (pool === undefined || expected === undefined || pool === expected) return;
  for (const events of readFiles(folder, oldest.seq, nextSeq - 1)) {
    const foreign = events.find((event) => event.pool !== expected);
    if (foreign !== undefined) throw otherPool(expected, foreign);
  }
}

/** The pool of the first batch of a file; undefined if it cannot be read. */
export function firstPool(file: Segment): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file.path, 'r');
    const cursor = new BatchCursor(fd, file.path, { firstSeq: file.seq, end: file.end });
    return cursor.next()?.events()[0]?.pool;
  } catch (error) {
    // A missing file was dropped by the writer meanwhile.
    if (error instanceof StoreCorrupt || isMissing(error)) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The first event that must exist. */
export function firstHeld(folder: string, { segments }: JournalFiles): number {
  const first = readFirst(folder);
  if (first !== undefined) return first;
  const [oldest] = segments;
  // Older versions did not record where a journal begins.
  return oldest?.opening === 0 ? oldest.seq : 0;
}

function lastBatch(segments: readonly Segment[]): JournalEnd {
  let tornTail: TornTail | undefined;
  let following: number | undefined;
  for (const file of segments.toReversed()) {
    const end = new SegmentEnd(file);
    try {
      end.advance();
      if (end.damage !== undefined) throw end.damage;
      const { nextSeq, pool, position, rest } = end;
      if (following !== undefined && nextSeq !== following) {
        throw new StoreCorrupt(
          `expected event ${nextSeq}, got the end of ${file.path}, and a file that begins with ${following}`,
          nextSeq,
        );
      }
      const isTorn = following === undefined && (rest > 0 || file === segments[0]);
      if (isTorn && (rest > 0 || position === 0)) tornTail = { seq: nextSeq, bytes: rest };
      if (position > 0) return { nextSeq, pool, tornTail, lastFile: file };
    } finally {
      end.close();
    }
    // It was created but got no batch.
    following = file.seq;
  }
  return { ...NOTHING, tornTail };
}

function missing(folder: string, seq: number, got: string): StoreCorrupt {
  return new StoreCorrupt(`expected event ${seq}, got ${got}: ${folder}`, seq);
}
