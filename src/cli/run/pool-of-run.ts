/** Creates the pool of a run: new, with or without a journal, or recovered from one. */

import {
  type AnyFunction,
  type GroupOptions,
  type Json,
  type Logger,
  type PoolLimits,
  type RetryWhen,
  type TaskGroup,
  TaskGroupNotFound,
  TaskPool,
} from '../../index.ts';
import type { RecoveredGroupOptions } from '../../recovery.ts';
import type { Journal } from '../journal/open-journal.ts';
import { HEADER_GROUP, nameOf, type RunHeader } from '../journal/run-header.ts';
import type { RunningTime } from './items/running-time.ts';
import type { EarlierRun } from './journal/earlier-run.ts';
import { type AttemptTerms, attemptOptions } from './terms/attempt-terms.ts';
import {
  groupLimits,
  type LimitTerms,
  lookaheadOf,
  poolLimits,
  resumedLimits,
} from './terms/limit-terms.ts';

/** The number of events between checkpoints: reading that many takes less than a second. */
const CHECKPOINT = 100_000;
/** The number of events kept in memory without a journal; nobody reads more. */
const EVENTS_IN_MEMORY = 1024;

/** The sources of groups. */
export type ItemSources = Readonly<Record<string, () => AsyncIterable<unknown>>>;

/** The settings of the pool. */
export interface PoolPlan {
  readonly header: RunHeader;
  /** Called with each item and its context. */
  readonly perform: AnyFunction;
  /** The remaining items, by group. */
  readonly sources: ItemSources;
  readonly earlier: EarlierRun;
  /** The number of items processed concurrently. */
  readonly poolSize: number | undefined;
  readonly attempts: AttemptTerms;
  readonly limits: LimitTerms;
  /** Whether limits may be changed while it runs. */
  readonly isChangeable: boolean;
  /** Which failures are retried. */
  readonly when: RetryWhen;
  /** The clock of the pool. */
  readonly time: RunningTime;
  readonly logger: Logger;
}

export interface PoolOfRun {
  readonly pool: TaskPool<PoolLimits>;
  /** The groups of items, without those that were finished before. */
  readonly groups: readonly TaskGroup<unknown>[];
}

/**
 * @param journal an empty journal, or undefined for none.
 */
export function newPool(plan: PoolPlan, journal: Journal | undefined): PoolOfRun {
  const { header, perform, poolSize = 1, limits, isChangeable, time, logger } = plan;
  const said = poolLimits(limits, header, isChangeable);
  const pool = new TaskPool<PoolLimits>({
    name: 'run',
    poolSize,
    retain: 'none',
    logger,
    clock: time,
    asyncContext: false,
    ...(Object.keys(said).length === 0 ? {} : { limits: said }),
    ...(journal === undefined
      ? { journal: { size: EVENTS_IN_MEMORY } }
      : {
          journal,
          functions: functionsOf(plan),
          checkpoints: { every: CHECKPOINT },
        }),
  });
  if (journal !== undefined) {
    pool.apply(perform, [header as unknown as Json], { num: 0, groupName: HEADER_GROUP });
  }
  return { pool, groups: groupsOf(pool, plan) };
}

/**
 * @param journal one that an earlier process wrote.
 */
export async function resumedPool(plan: PoolPlan, journal: Journal): Promise<PoolOfRun> {
  const { header, sources, poolSize, attempts, earlier, isChangeable, time, logger, when } = plan;
  const limits = resumedLimits(plan.limits, header, isChangeable, earlier.limits);
  const names = [...new Set([...earlier.limits, ...Object.keys(limits)])];
  const { retry, ...times } = attemptOptions(attempts, when);
  const ofGroup = (group: string): RecoveredGroupOptions => ({
    ...times,
    retry: typeof retry === 'object' ? retry : { limit: 0, when },
    limits: groupLimits(names, header, group),
  });
  const { recoverTaskPool } = await import('../../recovery.ts');
  const pool = await recoverTaskPool<PoolLimits>(journal, {
    functions: functionsOf(plan),
    sources,
    groups: Object.fromEntries(Object.keys(sources).map((group) => [group, ofGroup(group)])),
    limits,
    checkpoints: { every: CHECKPOINT },
    clock: time,
    asyncContext: false,
    logger,
    ...(poolSize === undefined ? {} : { poolSize }),
  });
  return { pool, groups: groupsOf(pool, plan) };
}

function functionsOf({ header, perform }: PoolPlan): Record<string, AnyFunction> {
  return { [nameOf(header.work)]: perform };
}

function groupsOf(pool: TaskPool<PoolLimits>, plan: PoolPlan): TaskGroup<unknown>[] {
  const { sources, earlier, perform } = plan;
  return Object.entries(sources).flatMap(([groupName, source]) => {
    if (groupName !== earlier.begins) return knownGroup(pool, groupName) ?? [];
    const options = { groupName, numConcurrent: Number.POSITIVE_INFINITY };
    return pool.map(perform, source(), { ...optionsOf(pool, plan, groupName), ...options });
  });
}

/** The options of a new group. */
function optionsOf(
  pool: TaskPool<PoolLimits>,
  { header, attempts, when }: PoolPlan,
  group: string,
): GroupOptions<unknown> {
  const names = Object.keys(pool.limits);
  const isHeldBack = names.length > 0 || (attempts.retries ?? 0) > 0;
  return {
    ...attemptOptions(attempts, when),
    // Has no effect in a run without a journal.
    keepResults: true,
    ...(names.length === 0 ? {} : { limits: groupLimits(names, header, group) }),
    ...(isHeldBack ? { lookahead: lookaheadOf(header, pool.poolSize) } : {}),
  };
}

function knownGroup(pool: TaskPool<PoolLimits>, name: string): TaskGroup<unknown> | undefined {
  try {
    return pool.group(name);
  } catch (error) {
    if (error instanceof TaskGroupNotFound) return undefined;
    throw error;
  }
}
