/** The options of recovery. */

import type { EventStore } from '../../journal/event-store.ts';
import {
  type Check,
  checkDuration,
  checkIterable,
  checkObject,
  checkOneOf,
  checkSignal,
  hasMethods,
  refuse,
} from '../../kit/checks.ts';
import { OptionBag, type OptionTable } from '../../kit/option-bag.ts';
import type { PoolLimits } from '../admission/limit-options.ts';
import type { GroupLimits } from '../admission/terms.ts';
import type { AttemptOptions, RecoveredAttemptOptions } from '../attempt/attempt-options.ts';
import { checkPartOfRetry } from '../attempt/check-retry.ts';
import type { Items, TaskFunctions } from '../functions/task-types.ts';
import { checkFunction } from '../options/check-function.ts';
import type { GroupOptions, IsCancellation, TaskCallback } from '../options/group-options.ts';
import { ATTEMPTS, CALLBACKS, POOL } from '../options/option-tables.ts';
import type { PoolOptions } from '../options/pool-options.ts';
import { checkPlan } from '../persistence/check-plan.ts';
import type { JournalStore } from '../persistence/journal.ts';
import { checkHistory } from '../persistence/keeping.ts';
import type { SimpleTaskPool } from '../simple-task-pool.ts';
import { checkFunctions } from '../storing/functions.ts';
import type { TaskPool } from '../task-pool.ts';

/** What happens to a task that was queued or running when its process died. */
export type OnInterrupted = 'retry' | 'fail';

/** A source that can return its items from an index on. */
export interface Seekable {
  /** Returns the items from an index on, counted from 0. */
  seek(from: number): Items<unknown>;
}

/**
 * A source that is not in the journal, to be continued at an index: all its items, of which those already taken are
 * skipped, or a function or object that returns the items from that index on.
 */
export type RecoverySource = Items<unknown> | ((from: number) => Items<unknown>) | Seekable;

/**
 * Options of a group that are not in the journal, and time limits and retries that replace those in the journal. They
 * are not written to the journal for the next process.
 */
export interface RecoveredGroupOptions extends RecoveredAttemptOptions {
  /** What happens to its tasks that were queued or running. Default: that of the pool. */
  readonly onInterrupted?: OnInterrupted;
  /** Called once for each task, after it ended. Default: none. */
  readonly endCallback?: TaskCallback;
  /** Called before the end callback for each task that was cancelled. Default: none. */
  readonly cancelCallback?: TaskCallback;
  /** Which other errors of a cancelled task count as cancellations. Default: that of the pool. */
  readonly isCancellation?: IsCancellation;
  /** When aborted, the group is cancelled with its reason. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * By the names of limits: the functions that compute the keys of its items, which are not in the journal, and
   * additional limits, which count the tasks that are created from now on. Default: none.
   */
  readonly limits?: GroupLimits;
}

/** What happens if the journal is empty. */
export interface Beginning<P> {
  /**
   * Creates the pool, with the given journal, if the journal is empty, so that the same program can begin and
   * continue. Default: an empty journal is refused with `NotRecoverable`.
   */
  readonly begin?: (journal: JournalStore) => P | Promise<P>;
}

/** Options of every recovery. */
export interface RecoveryTerms extends Omit<PoolOptions, 'name' | 'retain' | 'journal'> {
  /** The functions, by the names that they had when the work was accepted. */
  readonly functions: TaskFunctions;
  /**
   * Whether tasks that were queued or running are run again (`'retry'`) or rejected with `TaskInterrupted`
   * (`'fail'`). Default: `'retry'`.
   */
  readonly onInterrupted?: OnInterrupted;
  /**
   * How many milliseconds remote functions have to answer what became of their calls. If a function does not answer
   * in time, its calls are lost and its tasks count as interrupted. Default: 30,000.
   */
  readonly reattachTimeout?: number;
  /** By the names of groups: their sources, unless they are in the journal, as arrays are. Default: none. */
  readonly sources?: Readonly<Record<string, RecoverySource>>;
  /** Options of groups, by their names. Default: none. */
  readonly groups?: Readonly<Record<string, RecoveredGroupOptions>>;
}

/**
 * Options of a recovery: those of a pool except `name`, `retain` and `journal`, which are in the journal. Default of
 * `poolSize`: the one in the journal.
 */
export interface RecoveryOptions<L extends PoolLimits = PoolLimits>
  extends RecoveryTerms,
    Beginning<TaskPool<L>> {
  /** Replaces or adds limits, by name. Default: the limits in the journal. */
  readonly limits?: L;
}

/** Options of the recovery of a simple pool. */
export type SimpleRecoveryOptions<
  R = unknown,
  A extends readonly unknown[] = readonly unknown[],
> = Omit<RecoveryTerms, 'sources'> &
  Pick<GroupOptions, 'endCallback' | 'cancelCallback'> &
  AttemptOptions &
  Beginning<SimpleTaskPool<R, A>>;

const { name: _name, retain: _retain, journal: _journal, ...RECOVERED } = POOL;

const checkOnInterrupted = checkOneOf('retry', 'fail');

const SIMPLE = {
  ...RECOVERED,
  history: [checkHistory],
  begin: [checkFunction, 'create'],
  functions: [checkFunctions, 'handlers'],
  checkpoints: [checkPlan],
  onInterrupted: [checkOnInterrupted, 'interrupted'],
  reattachTimeout: [checkDuration],
  groups: [eachOf((name, group) => recoveredGroupOptions.check(name, group, `${name}.`))],
} as const;

export const RECOVERY: OptionTable<RecoveryOptions> = {
  ...SIMPLE,
  sources: [eachOf(checkSource), 'source', 'items'],
};
export const recoveryOptions = new OptionBag<RecoveryOptions>(RECOVERY);
export const simpleRecoveryOptions = new OptionBag<SimpleRecoveryOptions>({
  ...SIMPLE,
  ...CALLBACKS,
  ...ATTEMPTS,
});
/** The options of one group in the options of a recovery. */
const recoveredGroupOptions = new OptionBag<RecoveredGroupOptions>({
  ...CALLBACKS,
  ...ATTEMPTS,
  retry: [checkPartOfRetry, 'attempts', 'backoff'],
  onInterrupted: [checkOnInterrupted, 'interrupted'],
  signal: [checkSignal],
  isCancellation: [checkFunction],
  limits: ['keys'],
});

/** @throws TypeError for invalid options. */
export function checkRecovery(store: EventStore, options: object): void {
  const { read, latestCheckpoint } = Object(store) as Partial<EventStore>;
  if (typeof read !== 'function' || typeof latestCheckpoint !== 'function') {
    refuse('a store with read() and latestCheckpoint()', store);
  }
  for (const name of ['name', 'retain', 'journal']) {
    if (!(name in Object(options))) continue;
    throw new TypeError(`expected no ${name}, since it is in the journal, got one`);
  }
}

/** A check of each entry of a record. */
function eachOf(check: Check): Check {
  return (name, record) => {
    checkObject(name, record);
    for (const [key, value] of Object.entries(record as object)) check(`${name}.${key}`, value);
  };
}

function checkSource(name: string, source: unknown): void {
  if (typeof source !== 'function' && !hasMethods(source, 'seek')) checkIterable(name, source);
}

/** The options for a group of this name; most groups have none. */
export function optionsOfGroup({ groups }: RecoveryTerms, name: string): RecoveredGroupOptions {
  return (groups && own(groups, name)) ?? {};
}

/** The source for a group of this name. */
export function sourceOfGroup(
  { sources }: RecoveryTerms,
  name: string,
): RecoverySource | undefined {
  return sources && own(sources, name);
}

/** Only own properties, since a group may be called `toString`. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
