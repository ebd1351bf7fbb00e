/** The file names of a journal. */

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The digits of the largest safe integer, so that names sort like numbers. */
const SEQ_DIGITS = 16;
const OPENING_DIGITS = 8;
/** The last opening that fits into a file name. */
export const LAST_OPENING = 10 ** OPENING_DIGITS - 1;

/** Older versions wrote no number of the opening; it counts as 0. */
const EVENTS = /^events-(\d{16})(?:-(\d{8})-[0-9a-f]{8})?\.jsonl$/;
const SNAPSHOT = /^snapshot-(\d{16})\.json$/;
const OPENING = /^opening-(\d{8})\.json$/;
/** Files that are written completely before they replace another one. */
const DRAFT = /^(?:snapshot-\d{16}|pruned)\.json\.draft$/;

/** A file of a journal. */
export interface JournalFile {
  /** The `seq` of its first event, or of the snapshot. */
  readonly seq: number;
  readonly path: string;
}

/** A file of events. */
export interface Segment extends JournalFile {
  /** The number of the opening that wrote it. */
  readonly opening: number;
  /** The first `seq` at which a later opening supersedes it. */
  readonly end: number;
}

/** The contents of a journal's folder. */
export interface JournalFiles {
  /** Segments with valid events, in order. */
  readonly segments: readonly Segment[];
  /** Segments without valid events: their writer had lost the journal to another one. */
  readonly ignored: readonly Segment[];
  /** Snapshots in order. */
  readonly snapshots: readonly JournalFile[];
  /** The numbers of the openings that have a file. */
  readonly openings: readonly number[];
  /** Drafts that were left over, or are being written. */
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

/** Whether a segment is listed, even if it is a broken link. */
export function isListed(folder: string, { path }: JournalFile): boolean {
  return readdirSync(folder).includes(basename(path));
}

/** Each opening supersedes earlier ones from the start of its first segment. */
function withEnds(files: readonly Omit<Segment, 'end'>[]): Segment[] {
  const starts = new Map<number, number>();
  // Sorted by `seq`, so the first segment of each opening comes first.
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
