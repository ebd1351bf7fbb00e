/** Explains why a task of a running pool does not run or a group starts nothing. */

import { defined } from '../events/event-columns.ts';
import { quoted } from '../kit/printed.ts';
import { ACTIVE, DELAYED, QUEUED, TASK_STATES, type TaskState } from '../machines/charts.ts';
import type { Admission } from './admission/admission.ts';
import type { Key } from './admission/key.ts';
import { callOf } from './calling/identity.ts';
import type { Door } from './door/door.ts';
import type { RemoteBehaviour } from './functions/remote.ts';
import type { Group, Task } from './live/live.ts';
import type { Submission } from './submissions/submission.ts';
import { type Explanation, stateOf, type WaitReason, words } from './wait-reason.ts';

/** Explains the state of a running pool. */
export class Explainer {
  readonly #door: Door;
  readonly #admission: Admission;

  constructor(door: Door, admission: Admission) {
    this.#door = door;
    this.#admission = admission;
  }

  task(task: Task): Explanation {
    const { id, group, state, queuedAt } = task;
    const since = state === QUEUED || state === DELAYED ? queuedAt : undefined;
    return this.#explained(`task ${id} of`, { id, group: group.name, since }, this.#ofTask(task));
  }

  /** If the submission is no task yet, it waits for the same reason as its group. */
  submission({ task, group, index, key, isHeld, waitingSince }: Submission): Explanation {
    if (task !== undefined) return this.task(task);
    const { turn } = this.#door;
    const since = waitingSince && turn.at - (turn.elapsed - waitingSince);
    const reason: WaitReason =
      isHeld && key !== undefined
        ? { why: 'unique', key }
        : (this.#ofGroup(group) ?? this.#ofPool());
    const facts = { index, group: group.name, since };
    return this.#explained(`submission ${index} of`, facts, reason);
  }

  /** The reason of its next task, if it has one. */
  group(group: Group): Explanation {
    const first = group.head ?? group.waiting[0];
    if (first !== undefined) return this.task(first);
    const reason = stateOf(group, group.planned) ?? this.#ofGroup(group) ?? { why: 'source' };
    return this.#explained('group', { group: group.name }, reason);
  }

  #explained(
    subject: string,
    facts: { id?: number; index?: number; group: string; since?: number | undefined },
    reason: WaitReason,
  ): Explanation {
    const numbers =
      reason.why === 'limit' ? this.#admission.limits?.get(reason.limit)?.numbers : undefined;
    const sentence = `${subject} ${quoted(facts.group)} ${words(reason, numbers)}`;
    return defined({ ...facts, reason, sentence });
  }

  #ofTask(task: Task): WaitReason {
    const { state, group, notes } = task;
    if (state === DELAYED) return { why: 'delayed', until: notes.retryAt ?? 0 };
    if (state === ACTIVE && task.work.remote !== undefined && notes.placedBy === undefined) {
      return this.#ofRemote(task, task.work.remote);
    }
    if (state !== QUEUED) {
      const name = TASK_STATES[state] as Exclude<TaskState, 'queued' | 'delayed'>;
      return { why: 'state', state: name };
    }
    return this.#ofGroup(group) ?? this.#ofKeys(task) ?? this.#ofPool();
  }

  /** Calls foreign code, whose errors are ignored here. */
  #ofRemote(task: Task, remote: RemoteBehaviour): WaitReason {
    const call = callOf(task, this.#door.state, task.item, task.work);
    try {
      const waitsFor = remote.waitsFor?.(call);
      return waitsFor === undefined ? { why: 'remote' } : { why: 'remote', waitsFor };
    } catch {
      return { why: 'remote' };
    }
  }

  /** The reason why no task of a group starts, if there is one. */
  #ofGroup(group: Group): WaitReason | undefined {
    const { state, persister } = this.#door;
    if (state.paused) return { why: 'paused', what: 'pool' };
    if (persister?.suspension !== undefined) return { why: 'suspended' };
    if (persister?.isBehind === true) return { why: 'journal' };
    if (group.paused) return { why: 'paused', what: 'group' };
    if (this.#admission.admits(group)) return undefined;
    return { why: 'group', numConcurrent: group.numConcurrent ?? 0 };
  }

  #ofKeys(task: Task): WaitReason | undefined {
    const { limits } = this.#admission;
    const closed = limits?.closed(task.keys ?? []) ?? task.group.lanes?.stopOf(task);
    return closed && this.#ofKey(closed);
  }

  #ofKey(key: Key): WaitReason {
    const { turn } = this.#door;
    const now = turn.elapsed;
    const base = { why: 'limit', limit: key.limit.name, key: key.value } as const;
    if (key.isFull) return { ...base, of: 'concurrent' };
    const opensAt = key.opensAt(now);
    if (opensAt <= now) return { ...base, of: 'order' };
    const of = (key.pausedUntil ?? 0) >= opensAt ? 'paused' : 'rate';
    return { ...base, of, until: turn.at + Math.ceil(opensAt - now) };
  }

  #ofPool(): WaitReason {
    const { slots, poolSize } = this.#door.state;
    return slots >= poolSize ? { why: 'full', poolSize } : { why: 'turn' };
  }
}
