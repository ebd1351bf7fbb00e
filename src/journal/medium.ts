/** The interface of the storage under a {@link BaseStore}: memory, files, a database. */

import type { PoolEvent } from '../events/events.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';

/** Runs a step while no other write is in progress. */
export type InTurn = <T>(step: () => Promise<T> | T) => Promise<T>;

/**
 * Stores events, after it has `Prepared` them, and a checkpoint. The caller guarantees that only reads overlap,
 * batches are dense and of one pool, ranges are of held events, and nothing is written after a failure.
 */
export interface Medium<Prepared> {
  /** The `seq` of the first event held; `nextSeq` when there is none. */
  readonly firstSeq: number;
  /** The `seq` of the next event; undefined if it may be any. */
  readonly nextSeq: number | undefined;
  /** The pool of the events; undefined if it is not known yet. */
  readonly pool: string | undefined;
  /** The `seq` of the latest checkpoint; -1 if there is none. */
  readonly checkpointSeq: number;
  /** Updates the properties after other processes have written. */
  refresh(): Promise<void> | void;
  /** Converts a batch to its stored form. Throws if it cannot be stored. */
  prepare(batch: readonly PoolEvent[]): Prepared;
  /** Stores the whole batch, or throws and stores nothing of it. */
  append(batch: Prepared): Promise<void>;
  /** The same synchronously: only called if the medium supports it. */
  appendSync(batch: Prepared): void;
  /** The events of a range, in batches. @throws StorePruned if some were dropped in the meantime. */
  read(
    fromSeq: number,
    toSeq: number,
  ): Iterable<readonly PoolEvent[]> | AsyncIterable<readonly PoolEvent[]>;
  /** Stores a checkpoint of an event up to the last one; replaces one that is not newer. */
  putCheckpoint(seq: number, state: PoolCheckpoint, inTurn: InTurn): Promise<void> | void;
  latestCheckpoint(): Promise<KeptCheckpoint | undefined>;
  /** Drops the events before a `seq`. */
  prune(firstSeq: number, inTurn: InTurn): Promise<void> | void;
  close(): Promise<void> | void;
}

/** A stored checkpoint. */
export interface KeptCheckpoint {
  readonly seq: number;
  readonly state: PoolCheckpoint;
}
