/** The files of a journal, by their names. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** As long as the greatest integer that is safe, so that names sort as numbers do. */
const DIGITS = 16;

const EVENTS = /^events-(\d{16})\.jsonl$/;
const SNAPSHOT = /^snapshot-(\d{16})\.json$/;

/** A file of a journal. */
export interface JournalFile {
  /** Of the first event in it, or the event that it is a snapshot of. */
  readonly seq: number;
  readonly path: string;
}

/** What is in the folder of a journal. */
export interface JournalFiles {
  /** In the order of their events. */
  readonly segments: readonly JournalFile[];
  /** In the order of their events. */
  readonly snapshots: readonly JournalFile[];
}

export function filesIn(folder: string): JournalFiles {
  const names = readdirSync(folder).sort();
  const matching = (pattern: RegExp): JournalFile[] =>
    names.flatMap((name) => {
      const digits = pattern.exec(name)?.[1];
      return digits === undefined ? [] : [{ seq: Number(digits), path: join(folder, name) }];
    });
  return { segments: matching(EVENTS), snapshots: matching(SNAPSHOT) };
}

export function segmentPath(folder: string, seq: number): string {
  return join(folder, `events-${padded(seq)}.jsonl`);
}

export function snapshotPath(folder: string, seq: number): string {
  return join(folder, `snapshot-${padded(seq)}.json`);
}

function padded(seq: number): string {
  return String(seq).padStart(DIGITS, '0');
}
