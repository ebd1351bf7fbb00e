/** The invariants that must hold whenever a program is quiet. */

import { isDeepStrictEqual } from 'node:util';
import type { PoolTotals } from 'xstate-taskpool';
import { expectedActor, statesSince } from './actor-watch.ts';
import { checkAttempts } from './attempts.ts';
import { failures } from './drain.ts';
import { expectedSnapshot } from './expected-snapshot.ts';
import { hasRoom, headOf, holdsSlot, isDone, slotsOf, type TaskFacts } from './facts.ts';
import type { Job } from './job.ts';
import { outcomeOf, timeoutOf } from './outcome.ts';
import type { World } from './world.ts';

/** Throws with all problems, and the program that led to them. */
export function checkInvariants(world: World): void {
  world.oracle.catchUp();
  checkGauges(world);
  checkExecution(world);
  checkTasks(world);
  for (const job of world.jobs) {
    checkHandle(world, job);
    checkFeeding(world, job);
  }
  checkActors(world);
  for (const part of [world.consumers, world.drains, world.waits, world.subscriptions]) {
    for (const each of part) each.check();
  }
  for (const { error, isClaimed } of failures(world)) if (isClaimed) world.claimed.add(error);
  if (world.oracle.status === 'closing' && isIdle(world)) world.report('the pool does not close');
  throwProblems(world);
}

export function throwProblems(world: World): void {
  const { oracle, line } = world;
  const problems = [...world.problems, ...oracle.problems, ...line.problems];
  if (problems.length === 0) return;
  const events = oracle.events.map(({ v, pool, at, seq, type, ...fields }) => {
    return `  ${seq} ${type} ${JSON.stringify(fields)}`;
  });
  throw new Error(
    [...problems, '', 'Program:', ...world.trace, '', 'Journal:', ...events].join('\n'),
  );
}

const isIdle = ({ oracle, callbacks }: World) => oracle.isIdle && callbacks.underWay.size === 0;

function checkGauges(world: World): void {
  const { pool, oracle } = world;
  const snapshot = pool.snapshot();
  const expected = expectedSnapshot(oracle, pool.name);
  if (!isDeepStrictEqual(snapshot, expected)) {
    world.report(`snapshot ${JSON.stringify(snapshot)}, expected ${JSON.stringify(expected)}`);
  }
  const slots = oracle.tasks.filter(holdsSlot).length;
  const gauges = {
    poolSize: oracle.poolSize,
    numRunning: expected.numRunning,
    numQueued: expected.numQueued,
    numDelayed: expected.numDelayed,
    numCancelled: expected.numCancelled,
    numEnded: expected.numEnded,
    isFull: slots >= oracle.poolSize,
    isLocked: oracle.status !== 'open',
    isClosed: oracle.status === 'closed',
    isPaused: oracle.isPaused,
    status: oracle.status,
    totals: expected.totals,
  };
  for (const [name, value] of Object.entries(gauges)) {
    const actual = pool[name as keyof typeof gauges];
    if (!isDeepStrictEqual(actual, value)) {
      world.report(`${name} is ${JSON.stringify(actual)}, expected ${JSON.stringify(value)}`);
    }
  }
  for (const name of Object.keys(expected.totals) as (keyof PoolTotals)[]) {
    if (expected.totals[name] < world.totals[name]) world.report(`the total of ${name} shrank`);
  }
  world.totals = expected.totals;
}

/** The journal must match the calls of functions and callbacks. */
function checkExecution(world: World): void {
  const { oracle, jobs, callbacks } = world;
  const executing = jobs.flatMap((job) => job.executing.map(({ task }) => task));
  const running = oracle.in('running', 'cancelling', 'timedOut');
  const stuck = oracle.in('cancelling', 'timedOut');
  if (!isDeepStrictEqual(ids(world.pool.stuck()), ids(stuck))) {
    world.report(`stuck() lists ${ids(world.pool.stuck())}, expected ${ids(stuck)}`);
  }
  if (!isDeepStrictEqual(ids(executing), ids(running))) {
    world.report(`tasks ${ids(executing)} execute, but ${ids(running)} are said to be running`);
  }
  const cancelled = oracle.in('cancelled');
  const unfinished = cancelled.filter(
    ({ id }) => !callbacks.underWay.has(`the cancel callback of task ${id}`),
  );
  if (unfinished.length > 0) world.report(`nothing keeps ${ids(unfinished)} from ending`);
  const held = oracle.tasks.filter(holdsSlot).length;
  const slots = executing.length + cancelled.filter(holdsSlot).length;
  if (held !== slots) world.report(`${held} slots are taken, ${slots} are in use`);
}

const ids = (tasks: readonly { readonly id: number }[]) =>
  tasks.map(({ id }) => id).sort((a, b) => a - b);

function checkTasks(world: World): void {
  for (const job of world.jobs) {
    for (const task of job.facts.tasks) {
      checkCancellation(world, job, task);
      checkCallbacks(world, job, task);
      checkAttempts(world, job, task);
      const expected = outcomeOf(world, job, task);
      if (task.outcome !== undefined && task.outcome !== expected) {
        world.report(`task ${task.id} is ${task.outcome}, expected ${expected}`);
      }
    }
  }
}

/** A task must be cancelled if and only if the program cancelled it, and its signal must be aborted then. */
function checkCancellation(world: World, job: Job, task: TaskFacts): void {
  const wanted = world.cancels.has(task);
  const types = task.events.map(({ type }) => type);
  const happened = types.includes('task.cancelling') || types.includes('task.cancelled');
  if (wanted !== happened) world.report(`task ${task.id}: cancelled ${happened}, asked ${wanted}`);
  const run = job.runOf(task);
  if (run?.context !== undefined && run.behaviour.onAbort !== 'ignore') {
    const { aborted } = run.context.signal;
    const isLate = timeoutOf(job, task) !== undefined && task.startedAt !== undefined;
    if (aborted !== (wanted || isLate))
      world.report(`the signal of task ${task.id} says aborted: ${aborted}`);
  }
}

function checkCallbacks(world: World, job: Job, task: TaskFacts): void {
  const { end, cancel } = job.script;
  const isCancelled = task.events.some(({ type }) => type === 'task.cancelled');
  const expected = [
    ...(cancel !== 'none' && isCancelled ? ['cancel'] : []),
    ...(end !== 'none' && task.state === 'ended' ? ['end'] : []),
  ];
  const calls = world.callbacks.of(task);
  if (!isDeepStrictEqual(calls, expected)) {
    world.report(`task ${task.id}: callbacks ${calls.join()}, expected ${expected.join()}`);
  }
}

function checkHandle(world: World, { handle, facts, label }: Job): void {
  const remembered = facts.tasks.filter(({ isRemembered }) => isRemembered);
  // No more will be created: the number of existing tasks is final.
  const created = facts.tasks.length;
  const planned =
    facts.planned !== undefined && facts.source === 'exhausted' ? created : facts.planned;
  const counts = { created, ended: facts.ended.length };
  const expected = {
    ids: new Set(ids(remembered)),
    numRunning: slotsOf(facts),
    progress: planned === undefined ? counts : { ...counts, planned },
    ...(facts.isKnown
      ? { isPaused: facts.isPaused, numConcurrent: facts.numConcurrent, name: facts.name }
      : {}),
  };
  for (const [name, value] of Object.entries(expected)) {
    const actual = handle[name as keyof typeof expected];
    if (!isDeepStrictEqual(actual, value)) {
      world.report(`${name} of ${label} is ${JSON.stringify(actual)}`);
    }
  }
  if (!facts.isKnown) return;
  const found = world.call(`ids of ${label}`, [undefined], () =>
    world.pool.getGroupIds(facts.name),
  );
  world.trace.pop();
  if (!isDeepStrictEqual(found, expected.ids)) world.report(`getGroupIds of ${label} is wrong`);
}

/** No usable slot may stay free, and no source may stay waiting or open without a reason. */
function checkFeeding(world: World, { facts, source, label, script }: Job): void {
  const isFree = world.oracle.tasks.filter(holdsSlot).length < world.oracle.poolSize;
  const head = headOf(facts);
  if (hasRoom(facts)) {
    const waitsForUs = head !== undefined || source?.isPending === true;
    if (facts.source === 'open' && !waitsForUs) world.report(`${label} does not get its next item`);
    if (head !== undefined && isFree && !world.oracle.isPaused)
      world.report(`task ${head.id} waits though a slot is free`);
  }
  const isStopped = facts.source !== 'open' && source?.isOpened === true && !source.isSpent;
  if (isStopped && !source.isPending && source.numReturns !== 1) {
    world.report(`the source of ${label} was told to stop ${source.numReturns} times`);
  }
  if (isDone(facts) && script.signal !== undefined) checkListeners(world, label, script.signal);
}

function checkListeners(world: World, label: string, slot: number): void {
  const { signal } = world.controllers[slot] as AbortController;
  const isUsed = world.jobs.some((job) => job.script.signal === slot && !isDone(job.facts));
  const listeners = world.listenersOf(signal);
  if (!isUsed && listeners > 0) world.report(`${label} is done and still listens to its signal`);
}

function checkActors(world: World): void {
  checkPoolActor(world);
  for (const [task, { actor, handle, output, seen, since }] of world.actors) {
    const { value, status, context, output: done } = actor.getSnapshot();
    const expected = expectedActor(task);
    if (!isDeepStrictEqual({ value, status, context: { ...context }, output: done }, expected)) {
      const actual = JSON.stringify({ value, status, context, output: done });
      world.report(`actor of task ${task.id} ${actual}, expected ${JSON.stringify(expected)}`);
    }
    if (handle.state !== task.state || handle.outcome !== task.outcome) {
      world.report(`the handle of task ${task.id} says ${handle.state} ${handle.outcome}`);
    }
    const states = statesSince(task, since);
    if (!isDeepStrictEqual(seen, states)) {
      world.report(`actor of task ${task.id} went through ${JSON.stringify([seen, states])}`);
    }
    const promised = output();
    const isOver = promised.status === 'fulfilled' && isDeepStrictEqual(promised.value, done);
    if (task.state === 'ended' ? !isOver : promised.status !== 'pending') {
      world.report(`toPromise of task ${task.id} is ${promised.status}`);
    }
  }
}

function checkPoolActor(world: World): void {
  const { pool, oracle } = world;
  if (!world.isPoolWatched) return;
  const { value, status, context } = pool.actor.getSnapshot();
  const poolSize = oracle.poolSize === Number.POSITIVE_INFINITY ? null : oracle.poolSize;
  const { numQueued, numRunning, numDelayed, totals } = expectedSnapshot(oracle, pool.name);
  const { fulfilled, rejected, cancelled } = totals;
  const counts = {
    queued: numQueued,
    running: numRunning,
    delayed: numDelayed,
    fulfilled,
    rejected,
    cancelled,
  };
  const { kind, isPaused: paused } = oracle;
  const facts = { name: pool.name, kind, poolSize, paused, counts };
  const isOver = oracle.status === 'closed';
  const expected = [oracle.status, isOver ? 'done' : 'active', facts];
  if (!isDeepStrictEqual([value, status, { ...context }], expected)) {
    world.report(`the actor of the pool is ${JSON.stringify([value, status, context])}`);
  }
}
