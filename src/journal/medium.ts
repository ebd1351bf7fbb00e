/** What a store has to be kept in, so that {@link BaseStore} can make a store of it. */

import type { PoolEvent } from '../events/events.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';

/** Runs a step when no other one is under way that writes. */
export type InTurn = <T>(step: () => Promise<T> | T) => Promise<T>;

/**
 * Keeps events and a checkpoint, after it has `Prepared` them. Its caller keeps the rules: nothing overlaps but reading, batches are
 * dense and of one pool, ranges are of events that are held, and nothing is written once writing has
 * failed.
 */
export interface Medium<Prepared> {
  /** The `seq` of the first event held; `nextSeq` when there is none. */
  readonly firstSeq: number;
  /** The `seq` of the next event; undefined while any may come. */
  readonly nextSeq: number | undefined;
  /** The pool whose events these are; undefined while that is not known. */
  readonly pool: string | undefined;
  /** The event that the latest checkpoint is of; -1 if there is none. */
  readonly checkpointSeq: number;
  /** Takes note of what others have written. */
  refresh(): Promise<void> | void;
  /** What is to be stored of a batch. Throws if it cannot be stored. */
  prepare(batch: readonly PoolEvent[]): Prepared;
  /** Stores a batch whole, or throws and stores nothing of it. */
  append(batch: Prepared): Promise<void>;
  /** The same, now: called only where the medium can. */
  appendSync(batch: Prepared): void;
  /** The events of a range, in batches. Throws `StorePruned` if some were dropped meanwhile. */
  read(
    fromSeq: number,
    toSeq: number,
  ): Iterable<readonly PoolEvent[]> | AsyncIterable<readonly PoolEvent[]>;
  /** Stores a checkpoint of an event up to the last one, in place of an older one or an equal one. */
  putCheckpoint(seq: number, state: PoolCheckpoint, inTurn: InTurn): Promise<void> | void;
  latestCheckpoint(): Promise<KeptCheckpoint | undefined>;
  /** Drops the events before a `seq`. */
  prune(firstSeq: number, inTurn: InTurn): Promise<void> | void;
  close(): Promise<void> | void;
}

/** A checkpoint as it is kept. */
export interface KeptCheckpoint {
  readonly seq: number;
  readonly state: PoolCheckpoint;
}
