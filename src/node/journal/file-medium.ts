/** What a kind of file has to do, so that {@link DurableMedium} can keep events in it. */

import type { PoolEvent } from '../../index.ts';
import type { Separator } from './form/rows.ts';

/** Events that were checked, as text, see `form/batch-form.ts`. */
export interface Batch {
  /** The `seq` of the first one. */
  readonly first: number;
  /** The pool that they are of. */
  readonly pool: string;
  /** What they have in common, on one line. */
  readonly context: string;
  /** How many there are, at least one. */
  readonly count: number;
  /** What there is to say of each, as UTF-8, with the separator of the medium between two. */
  readonly rows: Buffer;
}

/** A snapshot as it is stored. */
export interface StoredSnapshot {
  readonly seq: number;
  /**
   * The JSON of each part, read when it is asked for. Throws `StoreCorrupt`, and `SnapshotReplaced` if
   * another one was stored meanwhile.
   */
  readonly parts: Iterable<string> | AsyncIterable<string>;
}

/** While a snapshot was read, another one has taken its place. */
export class SnapshotReplaced extends Error {
  override readonly name = 'SnapshotReplaced';
}

/** A snapshot that is being stored. Nothing of it is there before it is committed. */
export interface SnapshotDraft {
  /** Adds the JSON of a part, in a time that does not hold others up. */
  add(part: string): Promise<void>;
  /** Puts it in place of the latest one; all events up to it are durable then. */
  commit(): Promise<void>;
  /**
   * Removes some of what it has replaced, in a time that does not hold others up; to be called again
   * until it returns true.
   */
  tidy(): Promise<boolean>;
  /** Removes what was added. */
  discard(): Promise<void>;
}

/**
 * A journal on the disk. Its caller sees to it that nothing overlaps but reading, that batches are
 * dense, and that nothing is written to a medium that is read only, or on which writing has failed.
 */
export interface FileMedium {
  /** What is to stand between the rows of a batch. */
  readonly separator: Separator;
  /** The `seq` of the first event held; `nextSeq` when there is none. */
  readonly firstSeq: number;
  /** The `seq` of the next event; undefined while any may come. */
  readonly nextSeq: number | undefined;
  /** The pool whose events these are, if it can be known from the first of them. */
  readonly pool: string | undefined;

  /** Takes note of what another process has written. */
  refresh(): Promise<void> | void;
  /** Stores a batch whole, as durably as was asked for, or not at all. */
  append(batch: Batch): Promise<void>;
  /** The same, now. */
  appendSync(batch: Batch): void;
  /**
   * The events of a range that is held, in batches as they come: the first may begin before it, and
   * the last may end after it. Throws `StoreCorrupt`, and `StorePruned` if they were dropped.
   */
  read(fromSeq: number, toSeq: number): AsyncIterable<readonly PoolEvent[]>;
  /** The event that the latest snapshot is of; -1 if there is none. */
  readonly snapshotSeq: number;
  /** Begins a snapshot of an event up to the last one, and not older than the latest one. */
  draftSnapshot(seq: number): Promise<SnapshotDraft>;
  /** Throws `StoreCorrupt`. */
  latestCheckpoint(): Promise<StoredSnapshot | undefined>;
  /**
   * Lets some of the events before a `seq` go, in a time that does not hold others up; the same is
   * to be called again until it returns true. The latest snapshot is of this event or a later one.
   */
  prune(firstSeq: number): Promise<boolean>;
  close(): Promise<void>;
}
