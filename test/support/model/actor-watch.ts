/** The xstate actor of a task, compared with what is known of the task. */

import { toPromise } from 'xstate';
import type { TaskActor, TaskHandle } from 'xstate-taskpool';
import type { TaskFacts } from './facts.ts';
import { type Observed, observe } from './outcome.ts';
import type { World } from './world.ts';

export interface ActorWatch {
  readonly actor: TaskActor;
  readonly handle: TaskHandle;
  /** What `toPromise` gives. */
  readonly output: () => Observed;
  /** The states that a subscriber saw, each once. */
  readonly seen: string[];
}

export function watchActor(world: World, task: TaskFacts, handle: TaskHandle): ActorWatch {
  const { actor } = handle;
  const seen: string[] = [];
  actor.subscribe((snapshot) => {
    const value = JSON.stringify(snapshot.value);
    if (seen.at(-1) !== value) seen.push(value);
  });
  world.note(`  actor of task ${task.id} is ${JSON.stringify(actor.getSnapshot().value)}`);
  return { actor, handle, output: observe(toPromise(actor)), seen };
}

const VALUES = {
  queued: 'queued',
  running: { running: 'active' },
  cancelling: { running: 'cancelling' },
  cancelled: 'cancelled',
  ended: 'ended',
} as const;

/** What a task's actor should know. */
export function actorFacts(task: TaskFacts): object {
  const { id, group, index, state, startedAt, isRemembered, events, ...notes } = task;
  return { id, group: group.name, index, attempt: 1, ...notes };
}

/** What a task's actor should look like, as far as it can be printed. */
export function expectedActor(task: TaskFacts): object {
  const { id, state, outcome, error } = task;
  const output = error === undefined ? { id, outcome } : { id, outcome, error };
  return {
    value: VALUES[state],
    status: state === 'ended' ? 'done' : 'active',
    context: actorFacts(task),
    output: state === 'ended' ? output : undefined,
  };
}
