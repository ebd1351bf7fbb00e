/** Detects events that are hidden by a file which falsely claims that a later opening took over. */

import { closeSync, openSync } from 'node:fs';
import { StoreCorrupt } from '../../../index.ts';
import { isMissing } from '../file-error.ts';
import { BatchCursor } from './batch-cursor.ts';
import type { JournalFiles, Segment } from './files.ts';
import { nextAfter } from './last-batch.ts';

/**
 * Whether openings before the newest one have stored events that do not count now although the journal ends before
 * them, because somebody has named a file so that it hides them. A superseded opening learns that with the first
 * batch it writes, so one such batch may exist without having been confirmed.
 *
 * @param nextSeq the end of the journal.
 */
export function hidesEvents({ segments, ignored }: JournalFiles, nextSeq: number): boolean {
  const files = [...segments, ...ignored].filter(({ end }) => end !== Number.POSITIVE_INFINITY);
  const start = Math.max(...files.map(({ end }) => end));
  const batches = new Map<number, number>();
  for (const file of files) {
    if (file.end !== start || endsBefore(file, start, files)) continue;
    const { count, next } = batchesFrom(file, start);
    const all = (batches.get(file.opening) ?? 0) + count;
    if (all > 1 && next > nextSeq) return true;
    batches.set(file.opening, all);
  }
  return false;
}

/** Whether another file of the same opening begins between a segment and an event. */
function endsBefore({ opening, seq }: Segment, start: number, files: readonly Segment[]): boolean {
  return files.some((file) => file.opening === opening && file.seq > seq && file.seq < start);
}

/** The number of complete batches in a file from an event on, and the event after them. */
function batchesFrom(
  { path, seq }: Segment,
  start: number,
): { readonly count: number; readonly next: number } {
  let fd: number | undefined;
  let count = 0;
  let next = seq;
  try {
    fd = openSync(path, 'r');
    // The usual case: the file ends exactly there.
    if (nextAfter(fd, path) === start) return { count, next: start };
    const cursor = new BatchCursor(fd, path, { firstSeq: seq });
    for (; cursor.next(start) !== undefined; next = cursor.nextSeq) count++;
  } catch (error) {
    // Damage is reported when it is read, and a missing file was dropped by the writer meanwhile.
    if (!(error instanceof StoreCorrupt || isMissing(error))) throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  return { count, next };
}
