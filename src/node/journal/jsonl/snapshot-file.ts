/** A snapshot in a file of its own: a line that says what follows, then the state. */

import { readFileSync, rmSync } from 'node:fs';
import { StoreCorrupt } from '../../../index.ts';
import { snapshotCrc } from '../crc32.ts';
import type { StoredSnapshot } from '../medium.ts';
import { filesIn, type JournalFile, snapshotPath } from './files.ts';
import { replaceFile } from './replace-file.ts';

/** The text of a snapshot: two lines. */
function snapshotText({ seq, state }: StoredSnapshot): string {
  return `${JSON.stringify({ snapshot: seq, crc: snapshotCrc(seq, state) })}\n${state}\n`;
}

/** Undefined if the text is not what was written. */
function snapshotIn(text: string): StoredSnapshot | undefined {
  // A state is one line, but may hold what a `.` of a pattern takes for the end of one.
  const [, seq, crc, state = ''] =
    /^\{"snapshot":(\d+),"crc":(\d+)\}\n([^\n]*)\n$/.exec(text) ?? [];
  return snapshotCrc(Number(seq), state) === Number(crc) ? { seq: Number(seq), state } : undefined;
}

/** Stores a snapshot in place of those that there are. */
export function writeSnapshot(folder: string, snapshot: StoredSnapshot, isForced: boolean): void {
  const path = snapshotPath(folder, snapshot.seq);
  replaceFile(path, snapshotText(snapshot), isForced);
  for (const { path: old } of filesIn(folder).snapshots) if (old !== path) rmSync(old);
}

/** @throws StoreCorrupt */
export function readSnapshot({ seq, path }: JournalFile): StoredSnapshot {
  const snapshot = snapshotIn(readFileSync(path, 'utf8'));
  if (snapshot?.seq === seq) return snapshot;
  throw new StoreCorrupt(`expected the snapshot of event ${seq}, got a damaged one: ${path}`, seq);
}
