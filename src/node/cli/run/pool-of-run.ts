/** The pool of a run: a new one, with or without a journal, or one that continues a journal. */

import {
  type AnyFunction,
  type Json,
  type Logger,
  type TaskGroup,
  TaskGroupNotFound,
  TaskPool,
} from '../../../index.ts';
import { recoverTaskPool } from '../../../recovery.ts';
import type { Journal } from '../journal/open-journal.ts';
import { HEADER_GROUP, nameOf, type RunHeader } from '../journal/run-header.ts';

/** Events after which a checkpoint is stored: reading those that follow takes no second. */
const CHECKPOINT = 100_000;
/** Events in memory of a run without a journal: nobody asks for more. */
const EVENTS_IN_MEMORY = 1024;

/** Where groups take their items from. */
export type ItemSources = Readonly<Record<string, () => AsyncIterable<unknown>>>;

/** What a pool is made for. */
export interface PoolPlan {
  readonly header: RunHeader;
  /** Called with each item and its context. */
  readonly perform: AnyFunction;
  /** By the names of groups: what no task was made for yet. */
  readonly sources: ItemSources;
  /** The one of these groups that begins now. */
  readonly begins: string | undefined;
  readonly poolSize: number | undefined;
  readonly logger: Logger;
}

export interface PoolOfRun {
  readonly pool: TaskPool;
  /** The groups of the items, apart from those that were over before. */
  readonly groups: readonly TaskGroup<unknown>[];
}

/** @param journal an empty one; undefined for none. */
export function newPool(plan: PoolPlan, journal: Journal | undefined): PoolOfRun {
  const { header, perform, poolSize = 1, logger } = plan;
  const pool = new TaskPool({
    name: 'run',
    poolSize,
    retain: 'none',
    logger,
    ...(journal === undefined
      ? { journal: { size: EVENTS_IN_MEMORY } }
      : { journal, functions: functionsOf(plan), checkpoints: { every: CHECKPOINT } }),
  });
  if (journal !== undefined) {
    pool.apply(perform, [header as unknown as Json], { num: 0, groupName: HEADER_GROUP });
  }
  return { pool, groups: groupsOf(pool, plan) };
}

/** @param journal one that an earlier process wrote to. */
export async function resumedPool(plan: PoolPlan, journal: Journal): Promise<PoolOfRun> {
  const { sources, poolSize, logger } = plan;
  const pool = await recoverTaskPool(journal, {
    functions: functionsOf(plan),
    sources,
    checkpoints: { every: CHECKPOINT },
    logger,
    ...(poolSize === undefined ? {} : { poolSize }),
  });
  return { pool, groups: groupsOf(pool, plan) };
}

function functionsOf({ header, perform }: PoolPlan): Record<string, AnyFunction> {
  return { [nameOf(header.work)]: perform };
}

function groupsOf(pool: TaskPool, { sources, begins, perform }: PoolPlan): TaskGroup<unknown>[] {
  return Object.entries(sources).flatMap(([groupName, source]) => {
    if (groupName !== begins) return knownGroup(pool, groupName) ?? [];
    return pool.map(perform, source(), { groupName, numConcurrent: Number.POSITIVE_INFINITY });
  });
}

function knownGroup(pool: TaskPool, name: string): TaskGroup<unknown> | undefined {
  try {
    return pool.group(name);
  } catch (error) {
    if (error instanceof TaskGroupNotFound) return undefined;
    throw error;
  }
}
