/** The interface of stores, and its options. */

import type { PoolEvent } from '../events/events.ts';
import { type Check, checkCount, checkFrom, checkSignal } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';
import type { CheckpointPart } from '../machines/checkpoint-parts.ts';

/** A range of sequence numbers, both ends included. */
export interface SeqRange {
  /** Default: the first event that the store holds. */
  readonly fromSeq?: number;
  /** Default: the last event that the store holds. */
  readonly toSeq?: number;
}

/** Options of {@link EventStore.tail}. */
export interface TailOptions {
  /** Default: the first event that the store holds. */
  readonly fromSeq?: number;
  /** Ends the iteration when aborted. Default: none. */
  readonly signal?: AbortSignal;
}

const FROM_SEQ = [checkCount, 'since'] as const;

/** -1 stands for no event, `Infinity` for all events. */
const checkToSeq: Check = (name, value) => checkFrom(name, value, -1, true);

export const seqRange = new OptionBag<SeqRange>({
  fromSeq: FROM_SEQ,
  toSeq: [checkToSeq, 'until'],
});
export const tailOptions = new OptionBag<TailOptions>({
  fromSeq: FROM_SEQ,
  signal: [checkSignal],
});

/**
 * Which of the events that a checkpoint replaces to drop: none, all, all but the given number of last events of the
 * journal, or all before a time (milliseconds since the epoch).
 */
export type Prune = boolean | { readonly keepLast: number } | { readonly keepSince: number };

/** The state that a store keeps instead of the events up to `seq`. */
export interface StoreCheckpoint {
  /** The `seq` of the last event that the state includes. */
  readonly seq: number;
  /** Plain JSON data from which the state after the event `seq` can be restored. */
  readonly state: PoolCheckpoint;
  /** Which of the events up to `seq` to drop. Default: false, none. */
  readonly prune?: Prune;
}

/** A checkpoint that is stored in parts. */
export interface CheckpointInParts extends Omit<StoreCheckpoint, 'state'> {
  /**
   * The parts of the state, each plain JSON data. Iterate once, in order. Creating a part takes about a millisecond,
   * so the event loop should get a turn after each.
   */
  readonly parts: Iterable<CheckpointPart>;
}

/**
 * A journal of one pool.
 *
 * The rules that every store keeps, and that `eventStoreContract` of `xstate-taskpool/testing/contracts` checks:
 * - Events are numbered densely: a batch starts at `lastSeq + 1`, the first one anywhere. Another
 *   `seq` is refused with `StoreGap`, and nothing of the batch is stored.
 * - A batch is appended whole or not at all. Once an append has failed, every later one rejects.
 * - `append` resolves when the durability that the store promises is reached. `appendSync` does the same
 *   synchronously: when it returns, the events are durable, and it throws what `append` rejects with. A store has it
 *   only if it promises that each event is durable before subscribers are notified of it.
 * - Reading returns what was appended: equal events, in the order of `seq`.
 * - Reading from before the first event held is refused with `StorePruned`; reading an empty range
 *   yields nothing.
 * - `latestCheckpoint` returns the one with the highest `seq`. A checkpoint may be of any event up to the last one
 *   appended.
 * - `tail` yields the existing events, then new ones, until its signal is aborted or the store is closed; it never
 *   skips an event.
 * - After `close`, every call rejects with `StoreClosed`; closing twice is closing once.
 */
export interface EventStore {
  /**
   * Appends consecutive events; resolves when they are durable. @throws StoreGap, StoreClosed, StoreFull and others.
   */
  append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }>;
  /** Defined if each event must be durable before subscribers are notified: the pool calls it for each event. */
  appendSync?(batch: readonly PoolEvent[]): void;
  /** The stored events of a range, in batches. @throws StorePruned, StoreCorrupt, StoreClosed */
  read(range?: SeqRange): AsyncIterable<readonly PoolEvent[]>;
  /** The stored events, then new ones as they are appended, in batches. @throws StorePruned, StoreCorrupt */
  tail(options?: TailOptions): AsyncIterable<readonly PoolEvent[]>;
  /** Stores a checkpoint, and drops events according to `prune`. */
  checkpoint(checkpoint: StoreCheckpoint): Promise<void>;
  /**
   * Defined if checkpoints can be stored in parts, so that one of millions of tasks does not block the event loop for
   * long. Like `checkpoint`; nothing is stored unless all parts are.
   */
  checkpointInParts?(checkpoint: CheckpointInParts): Promise<void>;
  /** The latest checkpoint that was stored; undefined if none was. */
  latestCheckpoint(): Promise<StoreCheckpoint | undefined>;
  /**
   * Defined if the store can notice by itself that it cannot write any more. Aborted then, with the error of every
   * later append as the reason, so that a pool with nothing to write is notified, too.
   */
  readonly failed?: AbortSignal;
  /** Completes pending writes and closes the store. Closing twice is closing once. */
  close(): Promise<void>;
}

/** A read-only store of a journal that can be taken over once its writer is gone. */
export interface StandbyStore<S extends EventStore = EventStore> extends EventStore {
  /**
   * Waits until no other process writes the journal, then opens it for writing.
   *
   * @throws the reason of the signal.
   */
  takeOver(options?: { readonly signal?: AbortSignal }): Promise<S>;
}
