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
   * Makes the pool, if there is none yet: so every machine may run the same program, and the one that comes
   * first begins. Default: there is something to continue, or it is waited for.
   */
  readonly begin?: (journal: JournalStore) => TaskPool<L> | Promise<TaskPool<L>>;
  /** While it waits, gives up waiting; after that, the signal of the pool, which it closes. */
  readonly signal?: AbortSignal;
}

/** Options of {@link standBy} where the way to continue is given. */
interface WaitingOptions {
  readonly signal?: AbortSignal;
}

const OPTIONS = new OptionBag<StandByOptions>(RECOVERY);
const WAITING_OPTIONS = new OptionBag<WaitingOptions>({ signal: [checkSignal] });

/** What was taken over. */
export interface TakenOver<P, S = JournalStore> {
  readonly pool: P;
  /** Its journal, to be closed when the pool is. */
  readonly store: S;
}

/**
 * Waits until the writer of a journal is gone, and continues the work from there, as
 * {@link recoverTaskPool} does. Of a pool that was closed, the one that is given is closed.
 *
 * @param store a store that was opened with `readonly`; it is closed when its journal was taken over, or
 * that was given up.
 * @throws the reason of the signal, StoreRemoved if the journal was lost meanwhile, and what
 * {@link recoverTaskPool} throws; someone else may take over then.
 */
export function standBy<S extends JournalStore, const L extends PoolLimits = NoLimits>(
  store: StandbyStore<S>,
  options: StandByOptions<L>,
): Promise<TakenOver<TaskPool<L>, S>>;
/**
 * As above, with another way to continue: `(store) => recoverSimpleTaskPool(store, fn, args, options)`.
 */
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
      throw new StoreRemoved('expected the journal that was waited for, got an empty one');
    }
    return { pool: await recover(journal), store: journal };
  } catch (error) {
    await journal?.close();
    throw error;
  } finally {
    await store.close();
  }
}

/** What is done with the journal. */
interface Terms<S, P> {
  readonly recover: (store: S) => P | Promise<P>;
  /** Whether it makes the pool where there is no event. */
  readonly mayBegin: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** @throws TypeError, RangeError, NotAFunction: now, and not when someone has died. */
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

/** Waits for the first one. */
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
