/** Explains in words why no further item starts. */

import type { Explanation, PoolLimits, TaskGroup, TaskPool, WaitReason } from '../../../index.ts';
import type { LimitName } from '../terms/limit-terms.ts';

const HELD_BACK: Readonly<Record<LimitName, string>> = {
  rate: 'waiting for --rate',
  delay: 'waiting for --delay',
  key: 'waiting for --per-key',
  load: 'waiting for less load',
  memory: 'waiting for memory',
};

/** The reason why the next item does not start; undefined if it is just that all slots are taken. */
export function heldBackBy(
  pool: TaskPool<PoolLimits>,
  groups: readonly TaskGroup<unknown>[],
): string | undefined {
  if (pool.isClosed) return undefined;
  if (pool.isPaused) return 'paused';
  for (const group of groups) {
    const reason = explanationOf(pool, group)?.reason;
    const words = reason && wordsOf(reason);
    if (words !== undefined) return words;
  }
  return undefined;
}

function explanationOf(
  pool: TaskPool<PoolLimits>,
  { name }: TaskGroup<unknown>,
): Explanation | undefined {
  try {
    return pool.explain(name);
  } catch {
    // The group was cancelled, so its name does not exist any more.
    return undefined;
  }
}

function wordsOf(reason: WaitReason): string | undefined {
  if (reason.why === 'paused') return 'paused';
  if (reason.why === 'journal') return 'waiting for the journal';
  if (reason.why !== 'limit') return undefined;
  return Object.hasOwn(HELD_BACK, reason.limit)
    ? HELD_BACK[reason.limit as LimitName]
    : `waiting for limit ${reason.limit}`;
}
