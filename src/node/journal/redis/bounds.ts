/** Decodes the metadata of a journal in Redis. */

import { StoreCorrupt } from '../../../index.ts';
import { crc32 } from '../crc32.ts';
import { FORMAT } from './scripts.ts';

export interface Checkpoint {
  readonly seq: number;
  /** The suffix of the key with its parts. */
  readonly draft: string;
  readonly parts: number;
}

export interface StreamBounds {
  readonly firstSeq: number;
  readonly nextSeq: number | undefined;
  readonly pool: string | undefined;
  /** The encoded current checkpoint; undefined if there is none. */
  readonly checkpoint: string | undefined;
  /** Parts of obsolete checkpoints to be removed, by the field that records them. */
  readonly leftovers: readonly (readonly [field: string, draft: string])[];
  /** Set if the stream does not begin or end as recorded, which means damage. */
  readonly damagedAt: number | undefined;
}

/** The range of a batch. */
export interface EntryId {
  readonly first: number;
  readonly last: number;
}

/** The stream id of a batch: larger than that of every batch before. */
export function entryId(last: number, count: number): string {
  return `${last}-${count}`;
}

/** Returns undefined for an id that no batch has. */
export function parseEntryId(id: string): EntryId | undefined {
  const [, last = '', count = ''] = /^(\d{1,16})-(\d{1,10})$/.exec(id) ?? [];
  const found = { first: Number(last) - Number(count) + 1, last: Number(last) };
  return count === '' || Number(count) === 0 || found.first < 0 ? undefined : found;
}

/**
 * @param looked the result of the script `LOOK`. @throws RangeError for a journal of a later version.
 */
export function boundsOf(looked: unknown, where: string): StreamBounds {
  const [pairs, firstId, lastId] = looked as [string[], string, string];
  const fields = new Map<string, string>();
  for (let n = 0; n + 1 < pairs.length; n += 2) fields.set(pairs[n] ?? '', pairs[n + 1] ?? '');
  const format = fields.get('format');
  if (format !== undefined && format !== FORMAT) throw otherFormat(format, where);
  const [oldest, newest] = [parseEntryId(firstId), parseEntryId(lastId)];
  const noted = { first: seqIn(fields, 'first'), next: seqIn(fields, 'next') };
  const next = Math.max(noted.next ?? 0, newest === undefined ? 0 : newest.last + 1);
  const first = noted.first ?? oldest?.first ?? next;
  const isEmpty = noted.next === undefined && firstId === '';
  return {
    firstSeq: first,
    nextSeq: isEmpty ? undefined : next,
    pool: fields.get('pool'),
    checkpoint: fields.get('checkpoint'),
    leftovers: ['draft', 'stale'].flatMap((field) => {
      const draft = fields.get(field);
      return draft === undefined ? [] : [[field, draft] as const];
    }),
    damagedAt: isEmpty ? undefined : damagedAt(noted, oldest, newest, firstId !== ''),
  };
}

function damagedAt(
  noted: { readonly first: number | undefined; readonly next: number | undefined },
  oldest: EntryId | undefined,
  newest: EntryId | undefined,
  hasEntries: boolean,
): number | undefined {
  const { first, next } = noted;
  if (first === undefined || next === undefined || first > next) return oldest?.first ?? 0;
  if (!hasEntries) return first === next ? undefined : first;
  if (oldest === undefined || oldest.first > first) return first;
  if (newest === undefined) return first;
  if (newest.last + 1 !== next) return Math.max(first, Math.min(newest.last + 1, next));
  return undefined;
}

function seqIn(fields: ReadonlyMap<string, string>, name: string): number | undefined {
  return parseSeq(fields.get(name) ?? '');
}

/** Encodes the number of an event with a checksum, since nothing else would reveal a wrong one. */
export function seqText(seq: number): string {
  return `${seq}:${crc32(String(seq))}`;
}

/** Returns undefined if it is damaged. */
export function parseSeq(text: string): number | undefined {
  const seq = Number.parseInt(text, 10);
  return seqText(seq) === text ? seq : undefined;
}

export function otherFormat(format: string, where: string): RangeError {
  return new RangeError(`expected a journal of version ${FORMAT}, got version ${format}: ${where}`);
}

/** Encodes a checkpoint with a checksum. */
export function checkpointText(checkpoint: Checkpoint): string {
  const text = JSON.stringify(checkpoint);
  return `${crc32(text)} ${text}`;
}

/** @throws StoreCorrupt */
export function parseCheckpoint(noted: string, where: string): Checkpoint {
  const place = noted.indexOf(' ');
  const text = noted.slice(place + 1);
  if (noted.slice(0, place) === String(crc32(text))) return JSON.parse(text) as Checkpoint;
  throw new StoreCorrupt(
    `expected a checkpoint with its checksum, got one with a wrong one: ${where}`,
    0,
  );
}

/** All checkpoints that may have parts. */
export function draftsIn({ checkpoint, leftovers }: StreamBounds, where: string): string[] {
  const drafts = leftovers.map(([, draft]) => draft);
  return checkpoint === undefined ? drafts : [...drafts, parseCheckpoint(checkpoint, where).draft];
}
