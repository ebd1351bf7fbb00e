/** The end of every program: everything comes to an end, and nothing is left. */

import { isDeepStrictEqual } from 'node:util';
import { type PoolEvent, replay } from 'xstate-taskpool';
import { leavable } from './commands/leave.ts';
import { Drain, failures } from './drain.ts';
import { checkInvariants, throwProblems } from './invariants.ts';
import { pass, resize, resume, resumePool } from './operations.ts';
import { pathProblems } from './path.ts';
import type { World } from './world.ts';

/** Completes the program, and checks everything that can only be checked then. */
export async function finish(world: World, openGates: () => Promise<void>): Promise<void> {
  world.note('finale');
  world.isEnding = true;
  await world.settle();
  // Removes everything that keeps waiting tasks from running.
  if (world.oracle.status !== 'closed' && world.oracle.poolSize === 0) resize(world, 1);
  if (world.oracle.status !== 'closed') resumePool(world);
  for (const job of world.jobs) resume(world, job);
  await openGates();
  await world.settle();
  checkInvariants(world);
  await passAll(world, openGates);
  for (const iteration of leavable(world)) iteration.leave();
  await world.settle();
  checkInvariants(world);
  await close(world);
  checkNothingIsHeld(world);
  checkErrors(world);
  checkReplay(world);
  for (const task of world.oracle.tasks)
    for (const problem of pathProblems(task)) world.report(problem);
  throwProblems(world);
}

/** Lets time pass until no task is delayed. */
async function passAll(world: World, openGates: () => Promise<void>): Promise<void> {
  while (world.oracle.in('delayed').length > 0) {
    pass(world, 100);
    await openGates();
    await world.settle();
    checkInvariants(world);
  }
}

/** Closes the pool, and collects errors that came too late for `gatherAndClose`. */
async function close(world: World): Promise<void> {
  const { pool } = world;
  if (world.gathering === undefined) {
    const gathering = pool.gatherAndClose();
    world.gathering = gathering;
    world.drains.push(new Drain(world, 'gatherAndClose', false, gathering));
  }
  await world.settle();
  checkInvariants(world);
  const late = pool.flush({ returnExceptions: true });
  world.drains.push(new Drain(world, 'flush', true, late));
  await world.settle();
  checkInvariants(world);
}

function checkNothingIsHeld(world: World): void {
  const { pool, oracle } = world;
  const { status, tasks, groups, numRunning, numQueued, numCancelled, numEnded } = pool.snapshot();
  const held = [tasks.length, groups.length, numRunning, numQueued, numCancelled, numEnded];
  if (status !== 'closed' || held.some((count) => count > 0)) {
    world.report(`a pool that is ${status} holds ${held.join()}`);
  }
  const unended = oracle.tasks.filter(({ events }) => {
    return events.filter(({ type }) => type === 'task.ended').length !== 1;
  });
  if (unended.length > 0) world.report(`tasks ${unended.map(({ id }) => id)} have not ended once`);
  for (const [place, signal] of world.signals.entries()) {
    if (world.listenersOf(signal) > 0) world.report(`somebody still listens to signal ${place}`);
  }
}

/**
 * Every error must be delivered to a consumer or raised once; both only if a consumer requested it after it was
 * raised.
 */
function checkErrors(world: World): void {
  for (const { error, isClaimed } of failures(world)) {
    const times = world.raised.filter((raised) => raised === error).length;
    if (times > 1 || (times === 0 && !isClaimed)) {
      world.report(`${error}: delivered ${isClaimed}, raised ${times} times`);
    }
  }
  const known = new Set(failures(world).map(({ error }) => error));
  for (const error of world.raised) if (!known.has(error)) world.report(`${error} was made up`);
}

function checkReplay(world: World): void {
  const { pool, snapshots } = world;
  const recorded = [...pool.journal];
  const events = JSON.parse(JSON.stringify(recorded)) as PoolEvent[];
  if (!isDeepStrictEqual(events, recorded)) world.report('the journal is not plain data');
  for (const snapshot of [...snapshots, pool.snapshot()]) {
    if (!isDeepFrozen(snapshot)) world.report(`the snapshot of ${snapshot.seq} is not frozen`);
    const replayed = replay(events, { until: snapshot.seq });
    if (!isDeepStrictEqual(replayed, snapshot)) {
      world.report(`replay until ${snapshot.seq} ${JSON.stringify([replayed, snapshot])}`);
    }
  }
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}
