/** Compares the xstate actor of a task with the facts about the task. */

import { isDeepStrictEqual } from 'node:util';
import { toPromise } from 'xstate';
import type { EventType, PoolEvent, TaskActor, TaskHandle, TaskState } from 'xstate-taskpool';
import type { TaskFacts } from './facts.ts';
import { type Observed, observe } from './outcome.ts';
import type { World } from './world.ts';

export interface ActorWatch {
  readonly actor: TaskActor;
  readonly handle: TaskHandle;
  /** The result of `toPromise`. */
  readonly output: () => Observed;
  /** The state it was found in, and the states that a subscriber saw from then on. */
  readonly seen: readonly unknown[];
  /** The `seq` at which it was found. */
  readonly since: number;
}

export function watchActor(world: World, task: TaskFacts, handle: TaskHandle): ActorWatch {
  const { actor } = handle;
  const seen: unknown[] = [actor.getSnapshot().value];
  actor.subscribe(({ value }) => {
    if (!isDeepStrictEqual(seen.at(-1), value)) seen.push(value);
  });
  world.note(`  actor of task ${task.id} is ${JSON.stringify(actor.getSnapshot().value)}`);
  return { actor, handle, output: observe(toPromise(actor)), seen, since: world.oracle.seq };
}

const VALUES = {
  queued: 'queued',
  running: { running: 'active' },
  cancelling: { running: 'cancelling' },
  timedOut: { running: 'timedOut' },
  delayed: 'delayed',
  cancelled: 'cancelled',
  ended: 'ended',
} as const;

const STATES: Partial<Record<EventType, TaskState>> = {
  'task.queued': 'queued',
  'task.started': 'running',
  'task.cancelling': 'cancelling',
  'task.timedOut': 'timedOut',
  'task.failed': 'delayed',
  'task.requeued': 'queued',
  'task.cancelled': 'cancelled',
  'task.ended': 'ended',
  'task.interrupted': 'queued',
};

/** The states of a task from a `seq` on, as its actor shows them. */
export function statesSince({ events }: TaskFacts, since: number): unknown[] {
  const states = events.flatMap(({ seq, type }, place) => {
    const state = STATES[type];
    // A waiting task that times out stays in its state until it ends.
    const isWaiting = type === 'task.timedOut' && !isRunning(events.slice(0, place));
    return state === undefined || isWaiting ? [] : [{ seq, value: VALUES[state] }];
  });
  const first = states.findLastIndex(({ seq }) => seq <= since);
  return states.slice(first).map(({ value }) => value);
}

function isRunning(events: readonly PoolEvent[]): boolean {
  return events.findLast(({ type }) => STATES[type] !== undefined)?.type === 'task.started';
}

/** The expected context of a task's actor. */
export function actorFacts(task: TaskFacts): object {
  const {
    id,
    group,
    index,
    state,
    queuedAt,
    startedAt,
    placedAt,
    endedAt,
    isRemembered,
    events,
    ...notes
  } = task;
  return { id, group: group.name, index, ...notes };
}

/** The expected printable data of a task's actor. */
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
