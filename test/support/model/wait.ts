/** Consumers that wait for a condition of the pool. */

import type { BasePool } from 'xstate-taskpool';
import { isDone } from './facts.ts';
import type { Job } from './job.ts';
import { observe } from './outcome.ts';
import type { World } from './world.ts';

export interface Wait {
  check(): void;
}

/** A condition that can be awaited, and whether it holds now or has held since a `seq`. */
interface Condition {
  readonly what: string;
  readonly promise: (pool: BasePool) => Promise<void>;
  isSo(world: World): boolean;
  wasSo(world: World, since: number): boolean;
}

export const untilIdle: Condition = {
  what: 'untilIdle',
  promise: (pool) => pool.untilIdle(),
  isSo: ({ oracle, callbacks }) => oracle.isIdle && callbacks.underWay.size === 0,
  wasSo: ({ oracle }, since) => oracle.idleAt >= since,
};

export const untilClosed: Condition = {
  what: 'untilClosed',
  promise: (pool) => pool.untilClosed(),
  isSo: ({ oracle }) => oracle.status === 'closed',
  wasSo: ({ oracle }) => oracle.status === 'closed',
};

export const untilSizeBelow = (n: number): Condition => ({
  what: `untilSizeBelow(${n})`,
  promise: (pool) => pool.untilSizeBelow(n),
  isSo: ({ oracle }) => oracle.numPending < n,
  wasSo: ({ oracle }, since) => oracle.pendingAt.slice(since).some((pending) => pending < n),
});

/** `await using` of a group. */
export const untilDone = (job: Job): Condition => ({
  what: `the end of ${job.label}`,
  promise: () => job.handle[Symbol.asyncDispose](),
  isSo: () => isDone(job.facts),
  wasSo: () => isDone(job.facts),
});

export function waitFor(world: World, pool: BasePool, condition: Condition): void {
  const { oracle } = world;
  const since = oracle.seq;
  const { what } = condition;
  const promise = world.call(what, [undefined], () => condition.promise(pool));
  const observed = observe(promise as Promise<void>);
  world.waits.push({
    check() {
      const isOver = observed().status !== 'pending';
      if (observed().status === 'rejected') world.report(`${what} rejects`);
      if (isOver && !condition.wasSo(world, since)) world.report(`${what} is over too early`);
      if (!isOver && condition.isSo(world)) world.report(`${what} is not over`);
    },
  });
}
