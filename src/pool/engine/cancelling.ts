/** Cancels tasks, groups and everything, for every caller. */

import { Code } from '../../events/event-codes.ts';
import { ACTIVE, DELAYED, QUEUED, TIMED_OUT } from '../../machines/charts.ts';
import type { Calling } from '../calling/calling.ts';
import type { Door } from '../door/door.ts';
import { SPENT } from '../feeds/feed.ts';
import type { Group, Task } from '../live/live.ts';
import { type Cancellation, cancellation } from './cancellation.ts';
import type { Runner } from './runner.ts';
import type { Scheduler } from './scheduler.ts';
import type { Sources } from './sources.ts';

/** The parts of a pool that a cancellation involves. */
interface Parts {
  readonly door: Door;
  readonly runner: Runner;
  readonly scheduler: Scheduler;
  readonly sources: Sources;
  readonly calling: Calling;
}

export class Cancelling {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Cancels tasks that wait or run; ignores all others. */
  tasks(tasks: Iterable<Task>, reason: unknown): void {
    this.#all(tasks, cancellation(reason));
  }

  /** Cancels a group that is not done yet. */
  group(group: Group, reason: unknown): void {
    if (!group.isDone && group.source !== 'cancelled') this.#group(group, cancellation(reason));
  }

  /** Cancels a group and forgets its name, even if it is done. */
  wholeGroup(group: Group, reason: unknown): void {
    this.#group(group, cancellation(reason));
  }

  /** Drops the remaining items of a source and cancels the tasks that hold no slot. Running tasks are finished. */
  queued(group: Group, reason: unknown): void {
    const { sources, scheduler } = this.#parts;
    const why = cancellation(reason);
    sources.drop(group, why.reason);
    this.#all(group.waiting, why);
    scheduler.schedule();
  }

  /** A task or the source of a group has failed: stops or cancels the rest, according to its option `onError`. */
  afterFailure(group: Group, error: unknown): void {
    const { onError } = group.identity.kind;
    if (onError === 'stop') this.#parts.sources.exhaust(group);
    else if (onError === 'cancel') this.group(group, error);
  }

  /** Cancels every group. */
  all(reason: unknown): void {
    const why = cancellation(reason);
    const { groups } = this.#parts.door.state;
    for (const group of groups) {
      // Cancelling one may make the pool forget another.
      if (groups.get(group.name) === group) this.#group(group, why);
    }
  }

  #all(tasks: Iterable<Task>, why: Cancellation): void {
    this.#parts.calling.runOutside(() => {
      for (const task of tasks) this.#task(task, why);
    });
  }

  #task(task: Task, { reason, json }: Cancellation): void {
    const { door, runner, scheduler } = this.#parts;
    const { turn } = door;
    if (task.state === ACTIVE || task.state === TIMED_OUT) {
      door.record(Code.taskCancelling, task, 0, json);
      task.abort(reason, turn.elapsed);
    } else if (task.state === QUEUED || task.state === DELAYED) {
      task.group.dropWaiting(task);
      task.abort(reason, turn.elapsed);
      runner.unwound(task);
      scheduler.revisit(task.group);
    }
  }

  /** Stops the source, then cancels waiting and running tasks. */
  #group(group: Group, why: Cancellation): void {
    const { reason, json } = why;
    if (group.isIncomplete) group.failWith(reason, false);
    group.feed.close(reason);
    group.feed = SPENT;
    const { door, scheduler } = this.#parts;
    // In a closing pool its last waiting submissions may have been all that was left of it.
    if (door.state.groups.get(group.name) !== group) return;
    const fields = { group: group.name };
    const detail = json === undefined ? fields : { ...fields, reason: json };
    door.record(Code.groupCancelled, group, 0, detail);
    this.#all(group.waiting, why);
    this.#all(group.tasks, why);
    scheduler.schedule();
  }
}
