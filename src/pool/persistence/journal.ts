/**
 * The interface of a pool to its journal. The implementation comes with the store, so a pool whose events are only
 * kept in memory does not bundle it.
 */

import type { EventCode } from '../../events/event-codes.ts';
import type { KeptResult } from '../../events/event-columns.ts';
import type { GroupMethod } from '../../events/events.ts';
import { EventHistory, type MemoryLimits } from '../../journal/event-history.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { describe } from '../../kit/checks.ts';
import type { GroupStorage } from '../../machines/group-identity.ts';
import type { PoolState, Subject } from '../../machines/pool-state.ts';
import type { GroupRecord, TaskRecord } from '../../machines/records.ts';
import type { StoredItems } from '../../machines/stored-items.ts';
import type { Witness } from '../door/door.ts';
import type { Persister, Recording } from '../door/persister.ts';
import type { Feed } from '../feeds/feed.ts';
import type { AnyFunction, Items, TaskFunctions } from '../functions/task-types.ts';
import type { Group, Task } from '../live/live.ts';
import type { SubmissionLog } from '../submissions/submission-log.ts';
import type { Timer } from '../turn/timers.ts';
import type { CheckpointOptions, CheckpointPlan } from './checkpoint-plan.ts';
import type { SuspendOptions } from './suspend-options.ts';

/** A store that a pool can write to. */
export interface JournalStore extends EventStore {
  /** How pools use it: always the `journaling` that this package exports, for every store. */
  readonly journaling: Journaling;
}

/** How a pool uses a store. */
export interface Journaling {
  /**
   * Creates the history in memory of a pool that starts a journal in a store.
   *
   * @throws TypeError if the store has events already, is read only, or is in memory and `history` is given.
   * @internal
   */
  keep(store: EventStore, history: MemoryLimits | undefined): EventHistory;
  /**
   * Makes a store the journal of a pool: all events from the next one on are written to it.
   *
   * @throws TypeError, NotAFunction for invalid functions.
   * @internal
   */
  open(store: EventStore, pool: JournaledPool, options: JournalingOptions): PoolJournal;
  /**
   * Throws if a call of a function with these arguments cannot be stored.
   *
   * @throws NotStorable, TypeError, NotAFunction
   * @internal
   */
  checkCall(functions: TaskFunctions, fn: AnyFunction, args: readonly unknown[]): void;
}

/** The options of a pool that concern its journal. */
interface JournalingOptions {
  readonly functions?: TaskFunctions;
  readonly checkpoints?: CheckpointPlan;
}

/** The parts of a pool that its journal uses. */
export interface JournaledPool {
  readonly door: {
    readonly state: PoolState<Task, Group>;
    readonly journal: EventHistory;
    readonly turn: {
      readonly at: number;
      after(ms: number, run: () => void): Timer;
      cancel(timer: Timer): void;
    };
    persister: Persister | undefined;
    record(code: EventCode, subject: Subject, n: number, detail: unknown): void;
    readonly witnesses: readonly Witness[];
    watching(code: EventCode): readonly Witness[];
    hold(): () => void;
  };
  readonly logger: { error(...data: unknown[]): void };
  readonly conditions: {
    until(name: string, isMet: () => boolean, signal: AbortSignal): Promise<void>;
    notify(): void;
  };
  readonly callbacks: { readonly pending: number; areSilent: boolean };
  readonly delivery: { readonly failures: { keep(origin: object, error: unknown): void } };
  readonly scheduler: { schedule(): void };
  readonly sources: { fail(group: GroupRecord, error: unknown, counts: boolean): void };
  readonly cancelling: {
    tasks(tasks: Iterable<TaskRecord>, reason: unknown): void;
    queued(group: GroupRecord, reason: unknown): void;
    all(reason: unknown): void;
  };
  readonly submissions: { set log(log: SubmissionLog | undefined) };
  readonly closing: { begin(): void };
  /** Refuses new calls. */
  lock(): void;
  /** The class and the name. */
  toString(): string;
}

/** The journal of one pool. */
export interface PoolJournal {
  /** Writes the events; undefined if the store is the pool's history in memory itself. */
  readonly persister: Persister | undefined;
  /**
   * Converts a call so that another process can continue it; undefined in a pool without `functions`, whose journal
   * only records what happened.
   *
   * @throws NotStorable
   */
  readonly storeCall: ((call: Call) => StoredCall) | undefined;
  /** Stores calls of `submit`; undefined where {@link storeCall} is. */
  readonly submissions: SubmissionLog | undefined;
  /** Records events atomically. */
  record(together: readonly Recording[]): void;
  /** A result in a `task.ended`: omitted if JSON would change it or it is larger than `maxBytes`. */
  kept(value: unknown, maxBytes: number | null): KeptResult;
  /**
   * Resolves when everything so far is written: calls and events. Rejects with the reason of the signal if that aborts
   * first.
   *
   * @throws what the store fails with, or has failed with.
   */
  untilDurable(signal: AbortSignal | undefined): Promise<void>;
  /**
   * Stores the state as of the last event recorded.
   *
   * @throws TypeError for invalid options; what the store fails with, or has failed with.
   */
  checkpoint(options: CheckpointOptions): Promise<void>;
  /**
   * Suspends the pool: nothing starts any more, running tasks have `grace` milliseconds to finish, and of those that
   * are aborted then nothing is written. Resolves when the store is closed. Further calls return the same promise.
   * Undefined if the pool cannot be recovered.
   *
   * @throws TypeError, RangeError for invalid options; what the store fails with, or has failed with.
   */
  readonly suspend: ((options: SuspendOptions) => Promise<void>) | undefined;
}

/** A call that creates a group. */
export interface Call {
  readonly method: GroupMethod;
  readonly fn: AnyFunction;
  /** How many tasks it creates, if that is known. */
  readonly planned: number | undefined;
  /** The arguments of every task, or the items, as the caller gave them. */
  readonly given: readonly unknown[] | Items<unknown>;
  /** How many items of an async source are fetched in advance. */
  readonly prefetch?: number;
  readonly options: { readonly passContext?: boolean };
}

/** A call as it is stored. */
export interface StoredCall {
  readonly functionName: string;
  readonly storage: GroupStorage;
  /** The stored items of the tasks of the group. */
  readonly items: StoredItems;
  /** Creates the feed of the stored items, which later changes of the caller's objects do not affect. */
  readonly feed: (group: GroupRecord, onReady: () => void) => Feed;
  /**
   * The `group.created` of its group, and the events that contain the items of an array. They are recorded together:
   * a journal that ends in the middle of them ends in the middle of a call of which no subscriber was notified.
   */
  eventsOf(group: GroupRecord): readonly Recording[];
}

/** The history in memory of a pool, and the store that its events are written to, if any. */
export interface Keeping {
  readonly history: EventHistory;
  readonly store: EventStore | undefined;
  readonly journaling: Journaling | undefined;
}

/** The options about where events are kept. */
interface KeepingOptions extends JournalingOptions {
  readonly journal?: JournalStore | MemoryLimits;
  readonly history?: MemoryLimits;
}

/** The `journaling` of the store in these options; undefined if there is none. */
export function journalingOf(options: KeepingOptions): Journaling | undefined {
  const { journal, functions, checkpoints } = options;
  if (isStore(journal)) return journal.journaling;
  if (functions === undefined && checkpoints === undefined) return undefined;
  const name = functions === undefined ? 'checkpoints' : 'functions';
  throw new TypeError(
    `expected journal to be a store, such as a new MemoryStore(), for the option ${name}, got ${describe(journal)}`,
  );
}

/** @throws TypeError if the store cannot start a journal, or `history` is given without a store other than memory. */
export function keepingOf(options: KeepingOptions): Keeping {
  const { journal, history } = options;
  const journaling = journalingOf(options);
  if (!isStore(journal)) {
    if (history !== undefined) throw noHistory();
    return { history: new EventHistory(journal), store: undefined, journaling };
  }
  // Every store has one.
  const kept = (journaling as Journaling).keep(journal, history);
  return { history: kept, store: journal, journaling };
}

export function noHistory(): TypeError {
  return new TypeError('expected history only beside a store on disk or in Redis, got none');
}

function isStore(journal: JournalStore | MemoryLimits | undefined): journal is JournalStore {
  return journal !== undefined && 'append' in journal;
}
