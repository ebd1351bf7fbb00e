/** The options of recovery. */

import type { EventStore } from '../../journal/event-store.ts';
import {
  checkDuration,
  checkIterable,
  checkObject,
  checkOneOf,
  checkSignal,
  hasMethods,
  refuse,
} from '../../kit/checks.ts';
import { type Check, OptionBag, type OptionTable } from '../../kit/option-bag.ts';
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
import type { SimpleTaskPool } from '../simple-task-pool.ts';
import { checkFunctions } from '../storing/functions.ts';
import type { TaskPool } from '../task-pool.ts';

/** What becomes of a task that was queued or running when its process died. */
export type OnInterrupted = 'retry' | 'fail';

/** A source that can give its items from an index on. */
export interface Seekable {
  seek(from: number): Items<unknown>;
}

/**
 * A source that is not in the journal, to be continued at an index: the whole of it, of which what
 * was taken is left out, or something that gives the items from there on.
 */
export type RecoverySource = Items<unknown> | ((from: number) => Items<unknown>) | Seekable;

/**
 * What a journal does not hold of a group, and what is to be otherwise than it says: limits in time and
 * retries of this process, which the next one does not find in the journal.
 */
export interface RecoveredGroupOptions extends RecoveredAttemptOptions {
  /** Default: that of the pool. */
  readonly onInterrupted?: OnInterrupted;
  readonly endCallback?: TaskCallback;
  readonly cancelCallback?: TaskCallback;
  /** Default: that of the pool. */
  readonly isCancellation?: IsCancellation;
  /** When aborted, the group is cancelled with its reason. */
  readonly signal?: AbortSignal;
  /**
   * By the names of limits: the functions that give the keys of its items, which no journal holds, and
   * limits that it did not have before, which count the tasks that are made from now on.
   */
  readonly limits?: GroupLimits;
}

/** What is done with a journal in which there is nothing yet. */
export interface Beginning<P> {
  /**
   * Makes the pool that writes to the journal if that is empty, so that one program begins and continues.
   * Default: an empty journal is refused with `NotRecoverable`.
   */
  readonly begin?: (journal: JournalStore) => P | Promise<P>;
}

/** What every recovery takes besides the journal. */
export interface RecoveryTerms extends Omit<PoolOptions, 'name' | 'retain' | 'journal'> {
  /** By the names that they had when the work was accepted. */
  readonly functions: TaskFunctions;
  /**
   * Whether tasks that were queued or running are run again, or end as rejected with
   * `TaskInterrupted`. Default: `'retry'`.
   */
  readonly onInterrupted?: OnInterrupted;
  /**
   * Milliseconds that functions which run elsewhere have to say what became of their calls; a function
   * that does not answer in time has lost them, and its tasks are interrupted. Default: 30,000.
   */
  readonly reattachTimeout?: number;
  /** By the names of groups: sources that are not in the journal. Arrays are in it. */
  readonly sources?: Readonly<Record<string, RecoverySource>>;
  /** By the names of groups. */
  readonly groups?: Readonly<Record<string, RecoveredGroupOptions>>;
}

/**
 * Options of a recovery: those of a pool but for what the journal says. `poolSize` is what the journal
 * says as well, unless another one is given.
 */
export interface RecoveryOptions<L extends PoolLimits = PoolLimits>
  extends RecoveryTerms,
    Beginning<TaskPool<L>> {
  /** Default: what the journal says. Limits of its own are added to that. */
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
/** Of one group, in the options of a recovery. */
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
    throw new TypeError(`expected no ${name}, since the journal says it, got one`);
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

/** What is said of a group of a name; nothing for most. */
export function optionsOfGroup({ groups }: RecoveryTerms, name: string): RecoveredGroupOptions {
  return (groups && own(groups, name)) ?? {};
}

/** The source given for a group of a name. */
export function sourceOfGroup(
  { sources }: RecoveryTerms,
  name: string,
): RecoverySource | undefined {
  return sources && own(sources, name);
}

/** Names of groups may be names of what objects inherit. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
