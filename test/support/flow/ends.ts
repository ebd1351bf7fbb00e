/** Checks tasks when they are created and when they end. */

import type { PoolEvent } from 'xstate-taskpool';
import type { TaskFact } from './facts.ts';
import type { MapFact, World } from './world.ts';

/** A source must fail at the right place, after its earlier items have become tasks. */
export function seeSource(world: World, event: PoolEvent): void {
  if (event.type !== 'group.failed') return;
  const map = world.maps.get(event.group);
  const created = world.referee.groups.get(event.group)?.created;
  if (!map?.isFailing || created !== map.items.length) {
    world.report(`the source of ${event.group} failed after ${created} items`);
  }
}

export function seeTask(world: World, task: TaskFact): void {
  const { group, index } = task;
  // Some of those that are due now may still become tasks.
  world.withdrawLate(world.clock.now() - 1);
  const map = world.maps.get(group.name);
  if (map !== undefined && !group.isSubmitted) {
    if (task.state === 'queued') checkMade(world, task, map);
    else {
      checkOutcome(world, task, map.items[index] ?? '');
      map.consuming?.ended(task, world.texts.get(map.items[index] ?? '') ?? '');
    }
    return;
  }
  const sub = world.submitted.of(group, index);
  if (sub === undefined) world.report(`task ${task.id} is of no submission`);
  else if (task.state === 'queued') {
    if (sub.state !== 'waiting') world.report(`${sub.name} was made a task while ${sub.state}`);
    const next = world.submitted.next(sub, world.clock.now());
    if (next !== undefined) world.report(`${sub.name} was made a task before ${next.name}`);
    sub.state = 'task';
    sub.task = task;
  } else world.submitted.end(sub);
}

function checkMade(world: World, task: TaskFact, { consuming, isStopped, terms }: MapFact): void {
  const { group, id } = task;
  const { lookahead = Number.POSITIVE_INFINITY } = terms;
  // Including the task itself: the next in line is added to them.
  if (world.referee.in(group, 'queued', 'delayed').length > lookahead + 1) {
    world.report(`task ${id} was made, and ${lookahead} of its group are held back`);
  }
  if (isStopped) world.report(`task ${id} was made after its group was stopped`);
  if (consuming !== undefined && group.created > consuming.reach) {
    world.report(`task ${id} was made, and the consumer of ${group.name} has not taken enough`);
  }
}

function checkOutcome(world: World, { id, outcome }: TaskFact, name: string): void {
  const text = world.texts.get(name);
  if (outcome === 'fulfilled' && text !== `${name} done`)
    world.report(`task ${id} made up a value`);
}
