/** Applies each step to the pool, and informs the reference about the expected effects. */

import { keepBusy } from '../busy.ts';
import { map, submit } from './calling.ts';
import {
  abort,
  cancelKey,
  cancelTask,
  dropQueued,
  reasons,
  stop,
  withdrawAll,
} from './cancelling.ts';
import { isLatest, liveTasks, pick } from './choosing.ts';
import { jobClock } from './job-clock.ts';
import type { Step, StepOf } from './steps.ts';
import type { World } from './world.ts';

/** Steps that change no rules, after which tasks must start in the known order. */
const FOLLOWED: readonly Step['do'][] = ['settle', 'pass', 'take', 'keepBusy'];

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
    case 'rate':
      pool.limits.host.rate = { max: step.max, per: step.per, spread: step.spread };
      return;
    case 'autosize':
      return world.autosizing.toggle(pool, step.max);
    case 'pauseKey':
      return pool.limits.host.pause(step.key, step.ms);
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
      return keepBusy(jobClock.onLongJob);
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

function settle(world: World, { which, fails, retryAfter }: StepOf<'settle'>): void {
  const call = pick(world.calls, which);
  if (call === undefined) return;
  const { name, gate } = call;
  world.calls.splice(world.calls.indexOf(call), 1);
  if (fails) {
    world.failures.set(name, (world.failures.get(name) ?? 0) + 1);
    world.texts.set(name, `${name} failed`);
    world.retryAfters.set(name, retryAfter);
    gate.reject(Object.assign(new Error(`${name} failed`), { retryAfter }));
  } else {
    world.texts.set(name, `${name} done`);
    gate.resolve(`${name} done`);
  }
}

function setPriority(world: World, { which, priority }: StepOf<'setPriority'>): void {
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
        | 'rate'
        | 'autosize'
        | 'pauseKey'
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
  const group = pick(world.knownGroups, step.which);
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
