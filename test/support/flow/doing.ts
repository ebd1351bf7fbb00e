/** Does each step to the pool, and says to the reference what has to come of it. */

import { keepBusy } from '../busy.ts';
import { Consuming } from './consuming.ts';
import type { GroupFact, TaskFact } from './facts.ts';
import { observe } from './observed.ts';
import type { Step } from './steps.ts';
import type { SubFact } from './submitted.ts';
import { RETRY_DELAY, type World } from './world.ts';

type Of<D extends Step['do']> = Extract<Step, { readonly do: D }>;

/** What changes no rule: whatever starts after it does so in its order. */
const FOLLOWED: readonly Step['do'][] = ['settle', 'pass', 'take', 'keepBusy'];
const NEVER = Number.POSITIVE_INFINITY;

export async function doStep(world: World, step: Step): Promise<void> {
  world.numSteps++;
  const { pool } = world;
  if (!FOLLOWED.includes(step.do)) world.referee.isQuiet = false;
  switch (step.do) {
    case 'map':
      return map(world, step);
    case 'submit':
      return submit(world, step);
    case 'settle':
      return settle(world, step);
    case 'pass':
      return world.pass(step.ms);
    case 'resize':
      pool.poolSize = step.size;
      return;
    case 'limit':
      pool.limits.host.concurrent = step.concurrent;
      return;
    case 'pause':
      return pool.pause();
    case 'resume':
      return pool.resume();
    case 'untilDurable':
      return pool.untilDurable();
    case 'flush':
      await pool.flush({ returnExceptions: true });
      return;
    case 'keepBusy':
      return keepBusy();
    case 'setPriority':
      return setPriority(world, step);
    case 'cancelAllQueued':
      return dropQueued(world, world.groups, () => pool.cancelQueued('dropped'));
    case 'abort':
      return abort(world, step.which);
    case 'cancelKey':
      return cancelKey(world, step.which);
    case 'cancelTask':
      return cancelTask(world, step.which);
    case 'take':
      return pick(
        [...world.maps.values()].filter(({ consuming }) => consuming?.kind === 'ordered'),
        step.which,
      )?.consuming?.take();
    default:
      return ofGroup(world, step);
  }
}

function map(world: World, step: Of<'map'>): void {
  const { numConcurrent, priority, onError, key, keepResults, consumer } = step;
  const name = `g${world.numGroups++}`;
  const items = Array.from({ length: step.length }, (_, n) => `${name}/${n}`);
  const { isGenerator } = step;
  const facts = {
    items,
    isGenerator,
    retry: step.retry,
    keepResults: keepResults && world.isDurable,
  };
  world.maps.set(name, { ...facts, consuming: undefined, isStopped: false });
  const group = world.pool.map(world.work, isGenerator ? generate(items) : items, {
    groupName: name,
    priority,
    onError,
    ...(world.isDurable ? { keepResults } : {}),
    ...(numConcurrent === undefined ? {} : { numConcurrent }),
    ...(key === undefined ? {} : { limits: { host: key } }),
    ...retryOf(step.retry),
  });
  const fact = world.referee.groups.get(name) as GroupFact;
  const map = world.maps.get(name);
  if (map !== undefined && consumer !== 'none')
    map.consuming = new Consuming(consumer, fact, group);
}

function* generate(items: readonly string[]): Generator<string> {
  yield* items;
}

function retryOf(limit: number) {
  return limit === 0 ? {} : { retry: { limit, delay: RETRY_DELAY } };
}

function submit(world: World, step: Of<'submit'>): void {
  const { submitted, pool, referee } = world;
  const { unique, onDuplicate, priority, key, waitTimeout, isStubborn } = step;
  const name = `s${submitted.all.length}${isStubborn ? '!' : ''}`;
  const groupName = `sub${step.group}`;
  const controller = new AbortController();
  const present = unique === undefined ? [] : submitted.withKey(unique);
  const isNew = present.length === 0 || onDuplicate === 'replace';
  const options = {
    groupName,
    ...(priority === undefined ? {} : { priority }),
    ...(unique === undefined ? {} : { unique, onDuplicate }),
    ...(key === undefined ? {} : { limits: { host: key } }),
    ...(waitTimeout === undefined ? {} : { waitTimeout }),
    ...(isNew ? { signal: controller.signal } : {}),
    ...retryOf(step.retry),
  };
  if (isNew) for (const sub of present) sub.reason ??= 'DuplicateTask';
  const promise = pool.submit(world.work, [name], options);
  const observed = observe(promise);
  if (!isNew) {
    join(world, present.at(-1) as SubFact, promise, onDuplicate);
    return;
  }
  const group = referee.groups.get(groupName) as GroupFact;
  const index = group.submitted++;
  submitted.all.push({
    name,
    group,
    index,
    key: unique,
    isStubborn,
    dueAt: world.clock.now() + (waitTimeout ?? NEVER),
    priority,
    arrival: index,
    state: present.length === 0 ? 'waiting' : 'held',
    task: undefined,
    reason: undefined,
    promise,
    observed,
    controller,
  });
  for (const sub of present) withdrawIfPending(world, sub, 'DuplicateTask');
  releaseIfFree(world, unique);
}

/** What a duplicate gets: the promise of the one that there is, or a refusal. */
function join(
  world: World,
  present: SubFact,
  promise: Promise<unknown>,
  onDuplicate: 'join' | 'refuse' | 'replace',
): void {
  if (onDuplicate === 'refuse') {
    promise.then(
      () => world.report(`a duplicate of ${present.name} was not refused`),
      () => {},
    );
    return;
  }
  // Nobody has had the promise of one whose call another process has got.
  present.promise ??= promise;
  present.observed ??= observe(promise);
  if (present.promise !== promise) world.report(`${present.name} was joined by another promise`);
}

/** Of a task that waited the end was seen before the one that replaces it was known. */
function releaseIfFree({ submitted }: World, key: string | undefined): void {
  if (key === undefined) return;
  const [only, ...others] = submitted.withKey(key);
  if (only?.state !== 'held' || others.length > 0) return;
  only.state = 'waiting';
  only.group.released++;
  only.arrival = only.group.submitted - 1 + only.group.released / (only.group.released + 1);
}

function settle(world: World, { which, fails }: Of<'settle'>): void {
  const call = pick(world.calls, which);
  if (call === undefined) return;
  const { name, gate } = call;
  world.calls.splice(world.calls.indexOf(call), 1);
  if (fails) {
    world.failures.set(name, (world.failures.get(name) ?? 0) + 1);
    world.texts.set(name, `${name} failed`);
    gate.reject(new Error(`${name} failed`));
  } else {
    world.texts.set(name, `${name} done`);
    gate.resolve(`${name} done`);
  }
}

function setPriority(world: World, { which, priority }: Of<'setPriority'>): void {
  const tasks = liveTasks(world);
  const keyed = world.submitted.pending.filter(isLatest(world));
  const chosen = pick([...tasks, ...keyed], which);
  if (chosen === undefined) return;
  if ('id' in chosen) world.pool.setPriority(chosen.id, priority);
  else {
    world.pool.setPriority(chosen.key as string, priority);
    chosen.priority = priority;
  }
}

/** Whether a submission is the one that its key leads to. */
function isLatest({ submitted }: World) {
  return (sub: SubFact) => sub.key !== undefined && submitted.withKey(sub.key).at(-1) === sub;
}

function abort(world: World, which: number): void {
  const isLeft = ({ controller, state }: SubFact) => {
    return controller !== undefined && !controller.signal.aborted && state !== 'over';
  };
  const sub = pick(world.submitted.all.filter(isLeft), which);
  if (sub === undefined) return;
  cancelling(world, sub, 'aborted', () => sub.controller?.abort('aborted'));
}

function cancelKey(world: World, which: number): void {
  const sub = pick(
    world.submitted.all.filter(({ state }) => state !== 'over').filter(isLatest(world)),
    which,
  );
  if (sub === undefined) return;
  cancelling(world, sub, 'by key', () => world.pool.cancel([sub.key as string], 'by key'));
}

function cancelTask(world: World, which: number): void {
  const task = pick(liveTasks(world), which);
  if (task === undefined) return;
  const sub = world.submitted.of(task.group, task.index);
  const cancel = () => world.pool.cancel([task.id], 'by id');
  if (sub === undefined) cancel();
  else cancelling(world, sub, 'by id', cancel);
}

function cancelling(world: World, sub: SubFact, reason: string, cancel: () => void): void {
  if (sub.state === 'task') sub.reason ??= reason;
  cancel();
  withdrawIfPending(world, sub, reason);
}

function withdrawIfPending({ submitted }: World, sub: SubFact, reason: string): void {
  if (sub.state === 'waiting' || sub.state === 'held') submitted.withdraw(sub, reason);
}

function liveTasks({ referee, groups }: World): TaskFact[] {
  return referee.tasks.filter(
    ({ state, group }) => state !== 'ended' && state !== 'cancelled' && groups.includes(group),
  );
}

function ofGroup(
  world: World,
  step: Exclude<
    Step,
    {
      readonly do:
        | 'map'
        | 'submit'
        | 'settle'
        | 'pass'
        | 'resize'
        | 'limit'
        | 'pause'
        | 'resume'
        | 'untilDurable'
        | 'flush'
        | 'keepBusy'
        | 'setPriority'
        | 'cancelAllQueued'
        | 'abort'
        | 'cancelKey'
        | 'cancelTask'
        | 'take';
    }
  >,
): void {
  const group = pick(
    world.groups.filter((each) => world.isKnown(each)),
    step.which,
  );
  if (group === undefined) return;
  const handle = world.pool.group(group.name);
  switch (step.do) {
    case 'groupSize':
      handle.numConcurrent = step.size;
      return;
    case 'groupPriority':
      handle.priority = step.priority;
      return;
    case 'pauseGroup':
      handle.pause();
      return;
    case 'resumeGroup':
      handle.resume();
      return;
    case 'cancelQueued':
      dropQueued(world, [group], () => handle.cancelQueued('dropped'));
      return;
    case 'stopGroup':
      stop(world, group, () => handle.stop());
      return;
    case 'cancelGroup':
      reasons(world, [group], 'with its group', () => true);
      world.pool.cancelGroup(group.name, 'with its group');
      withdrawAll(world, [group], 'with its group');
  }
}

function stop(world: World, group: GroupFact, stopGroup: () => void): void {
  stopGroup();
  const map = world.maps.get(group.name);
  if (map !== undefined) map.isStopped = true;
  withdrawAll(world, [group], 'undefined');
}

/** What has not started is cancelled there and then, and no more is taken. */
function dropQueued(world: World, groups: readonly GroupFact[], drop: () => void): void {
  const isWaiting = ({ state }: TaskFact) => state === 'queued' || state === 'delayed';
  const waiting = world.referee.tasks.filter(
    (task) => groups.includes(task.group) && isWaiting(task),
  );
  reasons(world, groups, 'dropped', isWaiting);
  drop();
  withdrawAll(world, groups, 'dropped');
  for (const { id, outcome } of waiting) {
    if (outcome !== 'cancelled') world.report(`task ${id} waited, and was not cancelled`);
  }
  for (const { name, isSubmitted, source } of groups) {
    const consuming = world.maps.get(name)?.consuming;
    if (consuming !== undefined) consuming.isDropped = true;
    if (!isSubmitted && source === 'open') world.report(`${name} was to take no more items`);
  }
}

function reasons(
  { submitted }: World,
  groups: readonly GroupFact[],
  reason: string,
  concerns: (task: TaskFact) => boolean,
): void {
  for (const sub of submitted.all) {
    if (sub.state !== 'task' || sub.task === undefined || !groups.includes(sub.group)) continue;
    if (concerns(sub.task)) sub.reason ??= reason;
  }
}

function withdrawAll(world: World, groups: readonly GroupFact[], reason: string): void {
  for (const sub of world.submitted.pending) {
    if (groups.includes(sub.group)) withdrawIfPending(world, sub, reason);
  }
}

function pick<T>(all: readonly T[], which: number): T | undefined {
  return all[which % Math.max(1, all.length)];
}
