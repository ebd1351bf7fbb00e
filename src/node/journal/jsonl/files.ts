/** The files of a journal, by their names. */

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** As long as the greatest integer that is safe, so that names sort as numbers do. */
const SEQ_DIGITS = 16;
const OPENING_DIGITS = 8;
/** No file has a name for a later one. */
export const LAST_OPENING = 10 ** OPENING_DIGITS - 1;

/** Older versions did not write which opening a file is of; that counts as 0. */
const EVENTS = /^events-(\d{16})(?:-(\d{8})-[0-9a-f]{8})?\.jsonl$/;
const SNAPSHOT = /^snapshot-(\d{16})\.json$/;
const OPENING = /^opening-(\d{8})\.json$/;
/** What is written in full before it takes the place of a file. */
const DRAFT = /^(?:snapshot-\d{16}|pruned)\.json\.draft$/;

/** A file of a journal. */
export interface JournalFile {
  /** Of the first event in it, or the event that it is a snapshot of. */
  readonly seq: number;
  readonly path: string;
}

/** A file of events. */
export interface Segment extends JournalFile {
  /** Which of the openings of the journal wrote it. */
  readonly opening: number;
  /** Where a later opening has taken over: what is there from this event on does not count. */
  readonly end: number;
}

/** What is in the folder of a journal. */
export interface JournalFiles {
  /** Those with events that count, in the order of their events. */
  readonly segments: readonly Segment[];
  /** Those of which nothing counts: a writer that had been taken over wrote them. */
  readonly ignored: readonly Segment[];
  /** In the order of their events. */
  readonly snapshots: readonly JournalFile[];
  /** The openings that have a file saying that they write. */
  readonly openings: readonly number[];
  /** Those that were not finished, or are being written. */
  readonly drafts: readonly string[];
}

export function filesIn(folder: string): JournalFiles {
  const names = readdirSync(folder).sort();
  const matches = (pattern: RegExp): RegExpExecArray[] =>
    names.map((name) => pattern.exec(name)).filter((match) => match !== null);
  const found = names.flatMap((name) => {
    const [, seq, opening = 0] = EVENTS.exec(name) ?? [];
    if (seq === undefined) return [];
    return [{ seq: Number(seq), opening: Number(opening), path: join(folder, name) }];
  });
  const segments = withEnds(found);
  return {
    segments: segments.filter(({ seq, end }) => seq < end),
    ignored: segments.filter(({ seq, end }) => seq >= end),
    snapshots: matches(SNAPSHOT).map(([name, seq]) => ({
      seq: Number(seq),
      path: join(folder, name),
    })),
    openings: matches(OPENING).map(([, opening]) => Number(opening)),
    drafts: matches(DRAFT).map(([name]) => join(folder, name)),
  };
}

/** Whether a file of events is there, or a link to one that is not. */
export function isListed(folder: string, { path }: JournalFile): boolean {
  return readdirSync(folder).includes(basename(path));
}

/** Each opening takes over where its first file begins. */
function withEnds(files: readonly Omit<Segment, 'end'>[]): Segment[] {
  const starts = new Map<number, number>();
  // In the order of their events, so the first one of each opening comes first.
  for (const { opening, seq } of files) if (!starts.has(opening)) starts.set(opening, seq);
  const openings = [...starts.keys()].sort((a, b) => b - a);
  const ends = new Map<number, number>();
  let end = Number.POSITIVE_INFINITY;
  for (const opening of openings) {
    ends.set(opening, end);
    end = Math.min(end, starts.get(opening) ?? end);
  }
  return files.map((file) => ({ ...file, end: ends.get(file.opening) ?? end }));
}

export function segmentPath(folder: string, seq: number, opening: number, token: string): string {
  const name = `events-${padded(seq)}-${padded(opening, OPENING_DIGITS)}-${token.slice(0, 8)}`;
  return join(folder, `${name}.jsonl`);
}

export function snapshotPath(folder: string, seq: number): string {
  return join(folder, `snapshot-${padded(seq)}.json`);
}

export function openingPath(folder: string, opening: number): string {
  return join(folder, `opening-${padded(opening, OPENING_DIGITS)}.json`);
}

function padded(number: number, digits = SEQ_DIGITS): string {
  return String(number).padStart(digits, '0');
}
