/** Where a pool's events go. */

import type { PoolEvent } from '../events/events.ts';
import { checkCount, checkFrom, checkSignal } from '../kit/checks.ts';
import { type Check, OptionBag } from '../kit/option-bag.ts';
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
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

const FROM_SEQ = [checkCount, 'since'] as const;

/** Before the first event is no event; how many there will be need not be known. */
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
 * Which events to drop that a checkpoint stands for: none, all of them, all but the given number of the
 * last ones of the journal, or all but those from a time on (milliseconds since the epoch).
 */
export type Prune = boolean | { readonly keepLast: number } | { readonly keepSince: number };

/** What a store keeps in place of the events up to `seq`. */
export interface StoreCheckpoint {
  readonly seq: number;
  /** Plain JSON, from which the state after the event `seq` can be made again. */
  readonly state: PoolCheckpoint;
  /** Which of the events up to `seq` to drop. Default: false, nothing. */
  readonly prune?: Prune;
}

/** A checkpoint that is stored piece by piece. */
export interface CheckpointInParts extends Omit<StoreCheckpoint, 'state'> {
  /**
   * The parts of the state, plain JSON each, to be asked for once and in order. Asking for one takes
   * about a millisecond, so the event loop should get a turn after each.
   */
  readonly parts: Iterable<CheckpointPart>;
}

/**
 * A journal of one pool.
 *
 * The rules that every store keeps, and that `eventStoreContract` of `xstate-taskpool/testing/contracts` checks:
 * - Events are numbered densely: a batch starts at `lastSeq + 1`, the first one anywhere. Another
 *   `seq` is refused with `StoreGap`, and nothing of the batch is stored.
 * - A batch is appended whole or not at all. Once an append failed, every later one rejects.
 * - `append` resolves when the durability that the store promises is reached. `appendSync` does all
 *   that `append` does, and when it returns, what it was given is durable; it throws what `append`
 *   rejects with. A store has it when it promises that each event is durable before anyone is notified
 *   of it, and only then.
 * - What was read is what was appended: equal events, in the order of `seq`.
 * - Reading from before the first event held is refused with `StorePruned`; reading an empty range
 *   yields nothing.
 * - `latestCheckpoint` is the one with the highest `seq`. One that is stored may be of any event up to
 *   the last one appended.
 * - `tail` yields what is there, and after that what comes, until its signal is aborted or the store is
 *   closed; it never skips.
 * - After `close`, every call rejects with `StoreClosed`; closing twice is closing once.
 */
export interface EventStore {
  append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }>;
  /** There when each event must be durable before it is announced: the pool calls it for each. */
  appendSync?(batch: readonly PoolEvent[]): void;
  read(range?: SeqRange): AsyncIterable<readonly PoolEvent[]>;
  tail(options?: TailOptions): AsyncIterable<readonly PoolEvent[]>;
  checkpoint(checkpoint: StoreCheckpoint): Promise<void>;
  /**
   * There if a checkpoint need not be one piece: then that of millions of tasks blocks no one for long.
   * Does all that `checkpoint` does; nothing is stored unless all parts are.
   */
  checkpointInParts?(checkpoint: CheckpointInParts): Promise<void>;
  /** The latest checkpoint that was stored; undefined if none was. */
  latestCheckpoint(): Promise<StoreCheckpoint | undefined>;
  /**
   * There if the store can find out by itself that nothing can be written any more: aborted then, with what
   * every append rejects with as its reason. A pool that has nothing to write learns of it by this.
   */
  readonly failed?: AbortSignal;
  close(): Promise<void>;
}

/** A store that was opened to read, of a journal that can be continued once its writer is gone. */
export interface StandbyStore<S extends EventStore = EventStore> extends EventStore {
  /**
   * The same journal, opened to write, as soon as no one else writes it.
   *
   * @throws the reason of the signal.
   */
  takeOver(options?: { readonly signal?: AbortSignal }): Promise<S>;
}
