/** Calls that create groups. */

import { SimpleTaskPool, type TaskGroup, TaskPool } from 'xstate-taskpool';
import { callbackOptions } from './callbacks.ts';
import { isDone } from './facts.ts';
import { makeFunction, type Shape } from './functions.ts';
import { ARGS, type Job } from './job.ts';
import type { GroupScript, SourceScript } from './scripts.ts';
import { SourceProbe } from './source.ts';
import type { World } from './world.ts';

/** A method that maps over items. */
export type MapMethod = 'map' | 'starmap' | 'doublestarmap';

const SHAPES: Record<MapMethod, Shape> = { map: 'item', starmap: 'tuple', doublestarmap: 'object' };

export function apply(world: World, pool: TaskPool, script: GroupScript, num: number): void {
  const job = world.addJob(script, 'args');
  const fn = makeFunction(script.form, 'args', (args) => world.callFunction(job, args));
  make(world, job, `apply ${num} times as group ${job.number}`, () =>
    pool.apply(fn, [...ARGS], { num, ...optionsOf(world, script) }),
  );
}

export function map(
  world: World,
  pool: TaskPool,
  method: MapMethod,
  script: GroupScript,
  sourceScript: SourceScript,
  numConcurrent: number | undefined,
): void {
  const job = world.addJob(script, SHAPES[method]);
  const fn = makeFunction(script.form, job.shape, (args) => world.callFunction(job, args));
  job.source = new SourceProbe(job, sourceScript);
  const { items } = job.source;
  const limit = numConcurrent === undefined ? {} : { numConcurrent };
  const options = { ...limit, ...optionsOf(world, script) };
  // The default is limited by the size of the pool only, if it has one.
  const expected = numConcurrent ?? (world.oracle.poolSize === Infinity ? 1 : Infinity);
  make(world, job, `${method} as group ${job.number}`, () => {
    if (method === 'map') return pool.map(fn, items, options);
    if (method === 'starmap') return pool.starmap(fn, items as Iterable<unknown[]>, options);
    return pool.doublestarmap(fn, items as Iterable<object>, options);
  });
  if (job.handle !== undefined && !world.wasDisturbed && job.handle.numConcurrent !== expected) {
    world.report(`${job.label} runs ${job.handle.numConcurrent} at once, expected ${expected}`);
  }
}

export function start(world: World, pool: SimpleTaskPool, num: number): void {
  const job = world.addJob(world.simpleScript as GroupScript, 'args');
  make(world, job, `start ${num} as group ${job.number}`, () => pool.start(num));
}

const QUICK: GroupScript = {
  name: undefined,
  behaviours: [{ when: 'at once', end: 'value', onAbort: 'ignore', meanwhile: 'nothing' }],
  form: 'plain',
  passContext: true,
  end: 'none',
  cancel: 'none',
  signal: undefined,
  attempts: undefined,
};

/** Starts a task that ends immediately; in a simple pool, one like all others. */
export function applyOne(world: World): void {
  const { pool } = world;
  // A program in which every task created another one would not end.
  if (world.jobs.length > 20) return;
  if (pool instanceof TaskPool) apply(world, pool, QUICK, 1);
  else if (pool instanceof SimpleTaskPool) start(world, pool, 1);
}

function optionsOf(world: World, script: GroupScript) {
  const { name, signal, passContext } = script;
  const controller = signal === undefined ? undefined : world.controllers[signal];
  return {
    passContext,
    ...(name === undefined ? {} : { groupName: name }),
    ...(controller === undefined ? {} : { signal: controller.signal }),
    ...callbackOptions(world, script),
    ...script.attempts,
  };
}

function make(world: World, job: Job, what: string, method: () => TaskGroup<unknown>): void {
  const { oracle } = world;
  const number = oracle.groups.length;
  const handle = world.call(what, refusals(world, job.script.name), method);
  const facts = oracle.groups[number];
  if (handle === undefined || facts === undefined) return;
  job.facts = facts;
  job.handle = handle;
  world.jobs.push(job);
  const { signal } = job.script;
  const given = signal === undefined ? undefined : world.controllers[signal]?.signal;
  if (given?.aborted !== true) return;
  if (facts.source === 'cancelled') {
    // Without items no value is missing.
    if (facts.planned !== 0) job.cancellation = { reason: given.reason, after: 0 };
    for (const task of facts.tasks) world.cancels.set(task, { reason: given.reason });
  } else if (!isDone(facts)) {
    world.report(`${job.label} has an aborted signal and lives`);
  }
}

/** The possible errors of new work now. */
function refusals(world: World, name: string | undefined): (string | undefined)[] {
  const { oracle, settings } = world;
  if (oracle.status === 'locked') return ['PoolIsLocked'];
  if (oracle.status !== 'open') return ['PoolIsClosed'];
  const taken = name !== undefined && oracle.known(name) !== undefined;
  const otherwise = taken ? 'TaskGroupAlreadyExists' : undefined;
  if (oracle.numPending >= settings.maxQueued) return ['QueueFull'];
  return [otherwise];
}
