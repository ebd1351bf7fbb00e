/**
 * Explains why something waits in a recorded state: a place in the past, or a journal. It gives what the running
 * pool would have given, except that a state does not show whether the journal was behind, nor whose turn it was at an
 * open key.
 */

import { TaskGroupNotFound, TaskNotFound } from '../errors.ts';
import type { LimitKey } from '../events/events.ts';
import { refuse } from '../kit/checks.ts';
import { quoted } from '../kit/printed.ts';
import { isArray, read } from '../kit/realms.ts';
import type { TaskState } from '../machines/charts.ts';
import type {
  GroupCheckpoint,
  LimitKeyCheckpoint,
  PoolCheckpoint,
  TaskCheckpoint,
} from '../machines/checkpoint.ts';
import { type Explanation, stateOf, type WaitReason, words } from './wait-reason.ts';

/**
 * Why a task did not run, or why a group started no more tasks.
 *
 * @param what the id of a task, or the name of a group.
 * @param at the time of the state: milliseconds since the epoch.
 * @throws TaskNotFound, TaskGroupNotFound; TypeError unless the state is a checkpoint.
 */
export function explainState(
  state: PoolCheckpoint,
  what: number | string,
  at: number,
): Explanation {
  if (!isArray(read(state, 'tasks')) || !isArray(read(state, 'groups'))) {
    refuse('state to be a checkpoint', state);
  }
  const explainer = new StateExplainer(state, at);
  return typeof what === 'number' ? explainer.task(what) : explainer.group(what);
}

class StateExplainer {
  readonly #state: PoolCheckpoint;
  readonly #at: number;

  constructor(state: PoolCheckpoint, at: number) {
    this.#state = state;
    this.#at = at;
  }

  task(id: number): Explanation {
    const task = this.#state.tasks.find((each) => each.id === id);
    const group = this.#state.groups.find(({ ordinal }) => ordinal === task?.group);
    if (task === undefined || group === undefined) {
      throw new TaskNotFound(`expected the id of a task that was remembered then, got ${id}`);
    }
    return this.#ofTask(task, group);
  }

  group(name: string): Explanation {
    const { groups, tasks } = this.#state;
    const group = groups.find(({ fields, source }) => {
      return fields.group === name && source !== 'cancelled';
    });
    if (group === undefined) {
      throw new TaskGroupNotFound(
        `expected the name of a group that existed then, got ${quoted(name)}`,
      );
    }
    const first = tasks.find((task) => task.group === group.ordinal && isWaiting(task));
    if (first !== undefined) return this.#ofTask(first, group);
    const reason = stateOf(group, group.fields.planned) ??
      this.#ofGroup(group) ?? { why: 'source' };
    return { group: name, reason, sentence: `group ${quoted(name)} ${words(reason, undefined)}` };
  }

  #ofTask(task: TaskCheckpoint, group: GroupCheckpoint): Explanation {
    const { id, queuedAt } = task;
    const reason = this.#reasonOf(task, group);
    const numbers = reason.why === 'limit' ? this.#state.limits?.[reason.limit] : undefined;
    const name = group.fields.group;
    return {
      id,
      group: name,
      ...(isWaiting(task) && queuedAt !== undefined ? { since: queuedAt } : {}),
      reason,
      sentence: `task ${id} of ${quoted(name)} ${words(reason, numbers)}`,
    };
  }

  #reasonOf(task: TaskCheckpoint, group: GroupCheckpoint): WaitReason {
    if (task.state === 'delayed') return { why: 'delayed', until: task.retryAt ?? 0 };
    if (task.state !== 'queued') {
      return { why: 'state', state: task.state as Exclude<TaskState, 'queued' | 'delayed'> };
    }
    return this.#ofGroup(group) ?? this.#ofKeys(task) ?? this.#ofPool();
  }

  #ofGroup({ paused, ordinal, fields }: GroupCheckpoint): WaitReason | undefined {
    if (this.#state.paused === true) return { why: 'paused', what: 'pool' };
    if (paused) return { why: 'paused', what: 'group' };
    const { numConcurrent } = fields;
    if (numConcurrent === undefined || numConcurrent === null) return undefined;
    const running = this.#numRunning((task) => task.group === ordinal);
    return running < numConcurrent ? undefined : { why: 'group', numConcurrent };
  }

  #ofKeys({ keys = {} }: TaskCheckpoint): WaitReason | undefined {
    for (const [limit, key] of Object.entries(keys)) {
      const reason = this.#ofKey(limit, key);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  #ofKey(limit: string, key: LimitKey): WaitReason | undefined {
    const { limits = {}, limitKeys = [] } = this.#state;
    const { concurrent = null, rate = null } = limits[limit] ?? {};
    const base = { why: 'limit', limit, key } as const;
    if (concurrent !== null) {
      const running = this.#numRunning(({ keys }) => keys?.[limit] === key);
      if (running >= concurrent) return { ...base, of: 'concurrent' };
    }
    const known: LimitKeyCheckpoint | undefined = limitKeys.find((each) => {
      return each.limit === limit && each.key === key;
    });
    const { starts = [], pausedUntil = 0 } = known ?? {};
    if (pausedUntil > this.#at) return { ...base, of: 'paused', until: pausedUntil };
    const first = rate === null ? undefined : starts.at(-rate.max);
    if (rate === null || first === undefined || first + rate.per <= this.#at) return undefined;
    return { ...base, of: 'rate', until: first + rate.per };
  }

  #ofPool(): WaitReason {
    const { poolSize } = this.#state;
    const isFull = poolSize !== null && this.#numRunning(() => true) >= poolSize;
    return isFull ? { why: 'full', poolSize } : { why: 'turn' };
  }

  /** How many of the given tasks hold a slot. */
  #numRunning(isMeant: (task: TaskCheckpoint) => boolean): number {
    return this.#state.tasks.filter((task) => holdsSlot(task) && isMeant(task)).length;
  }
}

function isWaiting({ state }: TaskCheckpoint): boolean {
  return state === 'queued' || state === 'delayed';
}

function holdsSlot({ state, startedAt }: TaskCheckpoint): boolean {
  // An attempt that is over has no start.
  return startedAt !== undefined && state !== 'ended';
}
