/** The interface of a file format in which {@link DurableMedium} stores events. */

import type { PoolEvent } from '../../index.ts';
import type { Separator } from './form/rows.ts';

/** Checked events in text form, see `form/batch-form.ts`. */
export interface Batch {
  /** The `seq` of the first event. */
  readonly first: number;
  /** The pool of the events. */
  readonly pool: string;
  /** The common data of the events, on one line. */
  readonly context: string;
  /** The number of events, at least one. */
  readonly count: number;
  /** The rows of the events as UTF-8, separated by the separator of the medium. */
  readonly rows: Buffer;
}

/** A stored snapshot. */
export interface StoredSnapshot {
  readonly seq: number;
  /**
   * The JSON of each part, read lazily. Throws `StoreCorrupt`, and `SnapshotReplaced` if another snapshot was stored
   * meanwhile.
   */
  readonly parts: Iterable<string> | AsyncIterable<string>;
}

/** Another snapshot was stored while this one was being read. */
export class SnapshotReplaced extends Error {
  override readonly name = 'SnapshotReplaced';
}

/** A snapshot being stored. It has no effect before it is committed. */
export interface SnapshotDraft {
  /** Adds the JSON of a part; takes a short time only. */
  add(part: string): Promise<void>;
  /** Replaces the latest snapshot; all events up to its `seq` are durable then. */
  commit(): Promise<void>;
  /** Removes a part of what it has replaced, in a short time; call it again until it resolves with true. */
  tidy(): Promise<boolean>;
  /** Removes the added parts. */
  discard(): Promise<void>;
}

/**
 * A journal on disk. The caller ensures that operations other than reading do not overlap, that batches are dense,
 * and that nothing is written to a medium that is read-only or has failed.
 */
export interface FileMedium {
  /** The separator between the rows of a batch. */
  readonly separator: Separator;
  /** The `seq` of the first stored event; `nextSeq` if there is none. */
  readonly firstSeq: number;
  /** The `seq` of the next event; undefined if it may be any. */
  readonly nextSeq: number | undefined;
  /** The pool of the events, if it is known from the first of them. */
  readonly pool: string | undefined;

  /** Reads what another process has written. */
  refresh(): Promise<void> | void;
  /** Stores a batch atomically, with the requested durability. */
  append(batch: Batch): Promise<void>;
  /** Like `append`, but synchronous. */
  appendSync(batch: Batch): void;
  /**
   * The events of a stored range, in batches as stored: the first may begin before the range, and the last may end
   * after it. Throws `StoreCorrupt`, and `StorePruned` if they were dropped.
   */
  read(fromSeq: number, toSeq: number): AsyncIterable<readonly PoolEvent[]>;
  /** The `seq` of the latest snapshot; -1 if there is none. */
  readonly snapshotSeq: number;
  /** Starts a snapshot, not after the last event and not before the latest snapshot. */
  draftSnapshot(seq: number): Promise<SnapshotDraft>;
  /**
   * @throws StoreCorrupt
   */
  latestCheckpoint(): Promise<StoredSnapshot | undefined>;
  /**
   * Drops some of the events before a `seq`, in a short time; call it again with the same argument until it resolves
   * with true. The latest snapshot must not be older than `firstSeq`.
   */
  prune(firstSeq: number): Promise<boolean>;
  close(): Promise<void>;
}
