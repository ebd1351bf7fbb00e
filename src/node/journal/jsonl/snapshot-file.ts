/** A snapshot in a file of its own: a line that says what follows, then the state. */

import { readFileSync, rmSync } from 'node:fs';
import { StoreCorrupt } from '../../../index.ts';
import { snapshotCrc } from '../crc32.ts';
import type { StoredSnapshot } from '../medium.ts';
import { filesIn, type JournalFile, snapshotPath } from './files.ts';
import { replaceFile } from './replace-file.ts';

/** What is said of a state in the line before it. */
export interface SnapshotHeader {
  readonly seq: number;
  /** The length of the state, with the newline after it. */
  readonly bytes: number;
  readonly crc: number;
}

const HEADER = /^\{"snapshot":(\d+),"bytes":(\d+),"crc":(\d+)\}$/;

/** The text of a snapshot: two lines. */
export function snapshotText({ seq, state }: StoredSnapshot): string {
  const bytes = Buffer.byteLength(state) + 1;
  return `${JSON.stringify({ snapshot: seq, bytes, crc: snapshotCrc(seq, state) })}\n${state}\n`;
}

/** The header in a line; undefined if it is none. */
export function snapshotHeaderIn(line: string): SnapshotHeader | undefined {
  const [, seq, bytes, crc] = HEADER.exec(line) ?? [];
  return seq === undefined
    ? undefined
    : { seq: Number(seq), bytes: Number(bytes), crc: Number(crc) };
}

/** The snapshot of a header and the line after it; undefined if that is not what was written. */
export function snapshotOf({ seq, crc }: SnapshotHeader, line: string): StoredSnapshot | undefined {
  const state = line.slice(0, -1);
  return line.endsWith('\n') && snapshotCrc(seq, state) === crc ? { seq, state } : undefined;
}

/** Stores a snapshot in place of those that there are. */
export function writeSnapshot(folder: string, snapshot: StoredSnapshot, isForced: boolean): void {
  const path = snapshotPath(folder, snapshot.seq);
  replaceFile(path, snapshotText(snapshot), isForced);
  for (const { path: old } of filesIn(folder).snapshots) if (old !== path) rmSync(old);
}

/** @throws StoreCorrupt */
export function readSnapshot({ seq, path }: JournalFile): StoredSnapshot {
  const text = readFileSync(path, 'utf8');
  const end = text.indexOf('\n');
  const header = snapshotHeaderIn(text.slice(0, end));
  const snapshot = header && snapshotOf(header, text.slice(end + 1));
  if (snapshot?.seq === seq) return snapshot;
  throw new StoreCorrupt(`expected the snapshot of event ${seq}, got a damaged one: ${path}`, seq);
}
