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

/** The group that all items of a run are in. */
const ITEMS_GROUP = 'items';
/** Events after which a checkpoint is stored: reading those that follow takes no second. */
const CHECKPOINT = 100_000;
/** Events in memory of a run without a journal: nobody asks for more. */
const EVENTS_IN_MEMORY = 1024;

/** What a pool is made for. */
export interface PoolPlan {
  readonly header: RunHeader;
  /** Called with each item and its context. */
  readonly perform: AnyFunction;
  /** The items that no task was made for yet. */
  readonly items: AsyncIterable<unknown>;
  readonly poolSize: number | undefined;
  readonly logger: Logger;
}

export interface PoolOfRun {
  readonly pool: TaskPool;
  /** The group of the items; undefined if it was over before. */
  readonly group: TaskGroup<unknown> | undefined;
}

/** @param journal an empty one; undefined for none. */
export function newPool(plan: PoolPlan, journal: Journal | undefined): PoolOfRun {
  const { header, perform, items, poolSize = 1, logger } = plan;
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
  const options = { groupName: ITEMS_GROUP, numConcurrent: Number.POSITIVE_INFINITY };
  return { pool, group: pool.map(perform, items, options) };
}

/** @param journal one that an earlier process wrote to. */
export async function resumedPool(plan: PoolPlan, journal: Journal): Promise<PoolOfRun> {
  const { items, poolSize, logger } = plan;
  const pool = await recoverTaskPool(journal, {
    functions: functionsOf(plan),
    sources: { [ITEMS_GROUP]: () => items },
    checkpoints: { every: CHECKPOINT },
    logger,
    ...(poolSize === undefined ? {} : { poolSize }),
  });
  return { pool, group: itemsGroup(pool) };
}

function functionsOf({ header, perform }: PoolPlan): Record<string, AnyFunction> {
  return { [nameOf(header.work)]: perform };
}

function itemsGroup(pool: TaskPool): TaskGroup<unknown> | undefined {
  try {
    return pool.group(ITEMS_GROUP);
  } catch (error) {
    if (error instanceof TaskGroupNotFound) return undefined;
    throw error;
  }
}
