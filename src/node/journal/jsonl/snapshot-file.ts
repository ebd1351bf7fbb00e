/**
 * A snapshot in a file of its own, or at the beginning of an exported file: a first line, then each part of the state
 * on a line, preceded by a line with its checksum. Older versions wrote the state in one part, with its checksum in
 * the first line.
 */

import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreCorrupt } from '../../../index.ts';
import { crc32, snapshotCrc } from '../crc32.ts';
import { fileError, isMissing, onFile } from '../file-error.ts';
import { type SnapshotDraft, SnapshotReplaced, type StoredSnapshot } from '../file-medium.ts';
import { removeFile } from '../remove-file.ts';
import { syncFolder } from '../sync-folder.ts';
import { filesIn, type JournalFile, snapshotPath } from './files.ts';

/** The maximum length of a header line. */
const HEADER_BYTES = 160;
const NEWLINE = 10;

/** The first line of older versions, with the state in one part. */
const WHOLE = /^\{"snapshot":(\d+),"bytes":(\d+),"crc":(\d+)\}$/;
const FIRST = /^\{"snapshot":(\d+),"parts":"follow"\}$/;
const PART = /^\{"part":(\d+),"bytes":(\d+),"crc":(\d+)\}$/;
const LAST = /^\{"parts":(\d+),"crc":(\d+)\}$/;

/** The line before all parts. */
export function firstLine(seq: number): string {
  return `{"snapshot":${seq},"parts":"follow"}\n`;
}

/** The lines of a part. */
export function partText(seq: number, place: number, part: string): string {
  const bytes = Buffer.byteLength(part) + 1;
  return `${JSON.stringify({ part: place, bytes, crc: partCrc(seq, place, part) })}\n${part}\n`;
}

/** The line after all parts. */
export function lastLine(seq: number, parts: number): string {
  return `${JSON.stringify({ parts, crc: crc32(`${seq} ${parts}`) })}\n`;
}

function partCrc(seq: number, place: number, part: string): number {
  return snapshotCrc(seq, `${place} ${part}`);
}

/** Starts a snapshot that will replace the existing ones. */
export async function draftSnapshot(
  folder: string,
  seq: number,
  isForced: boolean,
): Promise<SnapshotDraft> {
  const path = snapshotPath(folder, seq);
  const draft = `${path}.draft`;
  const attempt = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const file = await attempt(() => open(draft, 'w'));
  let parts = 0;
  const snapshot: SnapshotDraft = {
    add: (part) => attempt(() => file.appendFile(partText(seq, parts++, part))),
    commit: () =>
      attempt(async () => {
        await file.appendFile(lastLine(seq, parts));
        if (isForced) await file.sync();
        await file.close();
        await rename(draft, path);
        if (isForced) syncFolder(dirname(path));
      }),
    tidy: async () => {
      for (const { path: old } of filesIn(folder).snapshots) if (old !== path) removeFile(old);
      return true;
    },
    discard: async () => {
      await closeQuietly(file);
      await rm(draft, { force: true });
    },
  };
  try {
    await attempt(() => file.appendFile(firstLine(seq)));
    return snapshot;
  } catch (error) {
    await snapshot.discard();
    throw error;
  }
}

async function closeQuietly(file: FileHandle): Promise<void> {
  await file.close().catch(() => {});
}

/** Reads a snapshot; its parts are read lazily. */
export function readSnapshot({ seq, path }: JournalFile): StoredSnapshot {
  return { seq, parts: partsOfFile(seq, path) };
}

/** @throws StoreCorrupt, SnapshotReplaced */
function* partsOfFile(seq: number, path: string): Generator<string> {
  const fd = openUnlessReplaced(path);
  try {
    const found = onFile(path, () => snapshotAt(fd, path));
    if (found?.seq !== seq) throw damaged(seq, path);
    yield* found.parts;
  } finally {
    closeSync(fd);
  }
}

function openUnlessReplaced(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (isMissing(error)) throw new SnapshotReplaced();
    throw error;
  }
}

/** A snapshot at the beginning of a file. */
export interface SnapshotInFile extends StoredSnapshot {
  /** The generator returns the end of the snapshot, in bytes. */
  readonly parts: Generator<string, number>;
}

/**
 * The snapshot at the beginning of a file; undefined if there is none.
 *
 * @throws StoreCorrupt, also while its parts are read.
 */
export function snapshotAt(fd: number, path: string): SnapshotInFile | undefined {
  const first = lineAt(fd, 0);
  const start = first.length + 1;
  const [, wholeSeq, bytes, crc] = WHOLE.exec(first) ?? [];
  if (wholeSeq !== undefined) {
    const whole = { seq: Number(wholeSeq), bytes: Number(bytes), crc: Number(crc) };
    return { seq: whole.seq, parts: onePart(fd, path, start, whole) };
  }
  const [, partedSeq] = FIRST.exec(first) ?? [];
  if (partedSeq === undefined) return undefined;
  return { seq: Number(partedSeq), parts: partsAt(fd, path, Number(partedSeq), start) };
}

function* onePart(
  fd: number,
  path: string,
  start: number,
  { seq, bytes, crc }: { readonly seq: number; readonly bytes: number; readonly crc: number },
): Generator<string, number> {
  const state = bodyAt(fd, start, bytes);
  if (state === undefined || snapshotCrc(seq, state) !== crc) throw damaged(seq, path);
  yield state;
  return start + bytes;
}

function* partsAt(fd: number, path: string, seq: number, start: number): Generator<string, number> {
  let position = start;
  for (let parts = 0; ; parts++) {
    const line = lineAt(fd, position);
    position += line.length + 1;
    const [, place, bytes, crc] = PART.exec(line) ?? [];
    if (place === undefined) {
      const [, count, sum] = LAST.exec(line) ?? [];
      const isWhole = Number(count) === parts && Number(sum) === crc32(`${seq} ${count}`);
      if (!isWhole) throw damaged(seq, path);
      return position;
    }
    const part = bodyAt(fd, position, Number(bytes));
    const isSound =
      part !== undefined && Number(place) === parts && partCrc(seq, parts, part) === Number(crc);
    if (!isSound) throw damaged(seq, path);
    yield part;
    position += Number(bytes);
  }
}

/** The header line at a position; empty if there is none. */
function lineAt(fd: number, position: number): string {
  const buffer = Buffer.alloc(HEADER_BYTES);
  const bytes = readSync(fd, buffer, 0, HEADER_BYTES, position);
  const end = buffer.subarray(0, bytes).indexOf(NEWLINE);
  return end === -1 ? '' : buffer.toString('latin1', 0, end);
}

/** A text of this many bytes including a trailing newline, which is removed; undefined if it is incomplete. */
function bodyAt(fd: number, position: number, bytes: number): string | undefined {
  // The length in a damaged header may be wrong, so the last byte is checked before allocating.
  const probe = Buffer.alloc(1);
  if (bytes < 1 || readSync(fd, probe, 0, 1, position + bytes - 1) !== 1) return undefined;
  if (probe[0] !== NEWLINE) return undefined;
  const buffer = Buffer.alloc(bytes - 1);
  for (let filled = 0; filled < buffer.length; ) {
    const read = readSync(fd, buffer, filled, buffer.length - filled, position + filled);
    if (read === 0) return undefined;
    filled += read;
  }
  return buffer.toString();
}

function damaged(seq: number, path: string): StoreCorrupt {
  return new StoreCorrupt(`expected the snapshot of event ${seq}, got a damaged one: ${path}`, seq);
}
