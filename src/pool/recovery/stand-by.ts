/** Waits on another machine, or in another process, to take over when the first one dies. */

import { StoreClosed, StoreRemoved } from '../../errors.ts';
import type { EventStore, StandbyStore } from '../../journal/event-store.ts';
import { checkSignal, describe, hasMethods } from '../../kit/checks.ts';
import { reasonOf } from '../../kit/on-abort.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import type { NoLimits, PoolLimits } from '../admission/limit-options.ts';
import type { JournalStore } from '../persistence/journal.ts';
import type { TaskPool } from '../task-pool.ts';
import { recoverTaskPool } from './recover-pools.ts';
import { checkRecovery, RECOVERY, type RecoveryOptions } from './recovery-options.ts';

/** Options of {@link standBy}: those of the recovery. */
export interface StandByOptions<L extends PoolLimits = PoolLimits> extends RecoveryOptions<L> {
  /**
   * Creates the pool if the journal is empty, so that all machines can run the same program and the first one begins.
   * Default: waits until another process has written to the journal.
   */
  readonly begin?: (journal: JournalStore) => TaskPool<L> | Promise<TaskPool<L>>;
  /** While waiting, aborts the wait; afterwards it is the signal of the pool, which it closes. Default: none. */
  readonly signal?: AbortSignal;
}

/** Options of {@link standBy} with a function that recovers. */
interface WaitingOptions {
  readonly signal?: AbortSignal;
}

const OPTIONS = new OptionBag<StandByOptions>(RECOVERY);
const WAITING_OPTIONS = new OptionBag<WaitingOptions>({ signal: [checkSignal] });

/** The pool that was taken over, and its store. */
export interface TakenOver<P, S = JournalStore> {
  /** The recovered pool. */
  readonly pool: P;
  /** Its journal; close it when the pool is closed. */
  readonly store: S;
}

/**
 * Waits until the process that writes a journal is gone, then continues the work as {@link recoverTaskPool} does. If
 * the pool was closed, the returned pool is closed.
 *
 * @param store a store that was opened with `readonly`; it is closed when its journal was taken over, or the wait has
 * ended with an error.
 * @throws the reason of the signal; StoreRemoved if the journal was lost in the meantime; what
 * {@link recoverTaskPool} throws. Another process can take over then.
 */
export function standBy<S extends JournalStore, const L extends PoolLimits = NoLimits>(
  store: StandbyStore<S>,
  options: StandByOptions<L>,
): Promise<TakenOver<TaskPool<L>, S>>;
/** The same with another way to recover: `(store) => recoverSimpleTaskPool(store, fn, args, options)`. */
export function standBy<S extends JournalStore, P>(
  store: StandbyStore<S>,
  recover: (store: S) => P | Promise<P>,
  options?: WaitingOptions,
): Promise<TakenOver<Awaited<P>, S>>;
export async function standBy<S extends JournalStore, P>(
  store: StandbyStore<S>,
  how: StandByOptions | ((store: S) => P | Promise<P>),
  only: WaitingOptions = {},
): Promise<TakenOver<P | TaskPool, S>> {
  checkStore(store);
  const { recover, mayBegin, signal }: Terms<S, P | TaskPool> =
    typeof how === 'function' ? ownTermsOf(how, only) : termsOf(how, store);
  let journal: S | undefined;
  try {
    const hadEvents = (await hasEvents(store)) || (!mayBegin && (await getsEvents(store, signal)));
    journal = await store.takeOver(signal && { signal });
    if (hadEvents && !(await hasEvents(journal))) {
      throw new StoreRemoved('expected the awaited journal, got an empty one');
    }
    return { pool: await recover(journal), store: journal };
  } catch (error) {
    await journal?.close();
    throw error;
  } finally {
    await store.close();
  }
}

/** How the journal is recovered. */
interface Terms<S, P> {
  readonly recover: (store: S) => P | Promise<P>;
  /** Whether it creates the pool if the journal is empty. */
  readonly mayBegin: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** @throws TypeError, RangeError, NotAFunction immediately, not only when it takes over. */
function termsOf(given: StandByOptions, store: EventStore): Terms<JournalStore, TaskPool> {
  checkRecovery(store, given);
  OPTIONS.check('standBy()', given);
  const { begin, signal } = given;
  const recover = (journal: JournalStore) => recoverTaskPool(journal, given);
  return { recover, mayBegin: begin !== undefined, signal };
}

/** @throws TypeError */
function ownTermsOf<S, P>(
  recover: (store: S) => P | Promise<P>,
  options: WaitingOptions,
): Terms<S, P> {
  WAITING_OPTIONS.check('standBy()', options);
  return { recover, mayBegin: false, signal: options.signal };
}

async function hasEvents(store: EventStore): Promise<boolean> {
  if ((await store.latestCheckpoint()) !== undefined) return true;
  for await (const _ of store.read()) return true;
  return false;
}

/** Waits for the first event. */
async function getsEvents(store: EventStore, signal: AbortSignal | undefined): Promise<boolean> {
  for await (const _ of store.tail(signal && { signal })) return true;
  if (signal?.aborted === true) throw reasonOf(signal);
  throw new StoreClosed('expected an open store, got one that was closed');
}

function checkStore(store: unknown): void {
  if (hasMethods(store, 'read', 'takeOver', 'tail')) return;
  throw new TypeError(
    `expected a store that was opened with readonly and has takeOver(), got ${describe(store)}`,
  );
}
