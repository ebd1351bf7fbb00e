/**
 * Applies timeouts and retries: stops a task, delays its next attempt, or ends it. Tasks of groups without such
 * options never get here.
 */

import { Code } from '../../events/event-codes.ts';
import { type FailedAttempt, TIMEOUT_KINDS } from '../../events/event-columns.ts';
import type { TimeoutKind } from '../../events/events.ts';
import { hasMethods } from '../../kit/checks.ts';
import { ACTIVE, CANCELLING, DELAYED, QUEUED, TIMED_OUT } from '../../machines/charts.ts';
import { errorData } from '../../machines/to-json.ts';
import type { Calling } from '../calling/calling.ts';
import type { Door } from '../door/door.ts';
import { Attempt } from '../live/attempt.ts';
import type { Group, Task } from '../live/live.ts';
import type { Logger } from '../options/pool-options.ts';
import type { Stopwatch } from '../publishing/stopwatch.ts';
import { timedOutError } from './errors.ts';
import { delayAfter } from './retry.ts';
import { TimeLimits } from './time-limits.ts';

/** The parts of a pool that timeouts and retries involve. */
interface Parts {
  readonly door: Door;
  readonly calling: Calling;
  readonly logger: Logger;
  readonly stopwatch: Stopwatch;
  readonly runner: {
    /** Ends a task without running it. */
    giveUp(task: Task, error: unknown): void;
  };
  readonly scheduler: {
    /** Queues a task that is to be run again. */
    requeue(task: Task): void;
    /** Checks whether tasks of a group may start, in the next turn. */
    revisit(group: Group): void;
  };
}

export class Attempts {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A task was created. */
  enter(task: Task): void {
    const { waitingSince } = task;
    // The clocks of a submission run from its call.
    const elapsed = waitingSince === undefined ? 0 : this.#parts.door.turn.elapsed - waitingSince;
    this.begin(task, elapsed);
    this.waits(task, elapsed);
  }

  /** Starts the deadline of a task, which may have begun some milliseconds ago. */
  begin(task: Task, elapsed = 0): void {
    const limits = new TimeLimits(this.#parts.door.turn);
    task.run = new Attempt(limits);
    const { deadline } = this.#limitsOf(task);
    if (deadline === undefined) return;
    limits.endAfter(deadline - elapsed, () => this.#timeOut(task, 'deadline'));
  }

  /** A task has been waiting for its first start for some milliseconds. */
  waits(task: Task, elapsed = 0): void {
    const { waitTimeout } = this.#limitsOf(task);
    if (waitTimeout === undefined) return;
    task.run?.limits?.after(waitTimeout - elapsed, () => this.#timeOut(task, 'waitTimeout'));
  }

  /** A task has started. The timeout of a remote function starts when it is placed. */
  start(task: Task): void {
    if (task.work.remote === undefined) this.#run(task);
  }

  /** A remote function has started, some milliseconds ago. */
  placed(task: Task, elapsed = 0): void {
    if (task.work.remote !== undefined) this.#run(task, elapsed);
  }

  #run(task: Task, elapsed = 0): void {
    const { timeout } = this.#limitsOf(task);
    const left = timeout && timeout - elapsed;
    task.run?.limits?.after(left, () => this.#timeOut(task, 'timeout'));
  }

  /** Whether a failed attempt is retried; if so, records that. */
  repeats(task: Task, error: unknown): boolean {
    const ms = this.#delay(task, error);
    if (ms === false) return false;
    const data = errorData(error);
    // Both may have run code of the user, which may have cancelled the task.
    if (task.state === CANCELLING) return false;
    const { door, stopwatch } = this.#parts;
    const { attempt } = task;
    const retryAt = Math.ceil(door.turn.at + ms);
    const times = stopwatch.timesOf(task);
    task.beginNext(error);
    this.delay(task, ms);
    const detail = { group: task.group.name, error: data, retryAt, ...times };
    door.record(Code.taskFailed, task, attempt, detail satisfies FailedAttempt);
    return true;
  }

  /** Queues a failed task again after this many milliseconds. */
  delay(task: Task, ms: number): void {
    task.run?.limits?.after(ms, () => this.requeue(task));
  }

  /** Queues a failed task again now. */
  requeue(task: Task): void {
    if (task.state !== DELAYED) return;
    task.run?.limits?.after(undefined, () => {});
    // Before the event is recorded, since a subscriber may cancel the task or its group immediately.
    this.#parts.scheduler.requeue(task);
    this.#parts.door.record(Code.taskRequeued, task);
  }

  #limitsOf(task: Task) {
    return task.work.policy?.numbers ?? {};
  }

  /** Tasks are not retried once the journal has failed, but they are after a suspension, by another process. */
  get #mayStartAgain(): boolean {
    const { failure, suspension } = this.#parts.door.persister ?? {};
    return failure === undefined || suspension !== undefined;
  }

  #delay(task: Task, error: unknown): number | false {
    const retry = task.work.policy?.retry;
    if (retry === undefined || !this.#mayStartAgain) return false;
    if (task.state !== ACTIVE && task.state !== TIMED_OUT) return false;
    // The item itself has rejected, and would reject again.
    if (hasMethods(task.item, 'then') && task.state === ACTIVE) return false;
    const { id, index, attempt, group, notes } = task;
    const failed = { attempt, task: { id, index, groupName: group.name } };
    try {
      this.#parts.door.turn.passed();
      const ms = delayAfter(retry, notes.failures ?? 0, error, failed, Math.random());
      return ms !== false && ms < (task.run?.limits?.left ?? 0) ? ms : false;
    } catch (problem) {
      this.#parts.logger.error(`retry.when failed for task ${id}`, problem);
      return false;
    }
  }

  #timeOut(task: Task, which: TimeoutKind): void {
    const { door, calling, runner, scheduler } = this.#parts;
    const { state } = task;
    const isWaiting = state === QUEUED || state === DELAYED;
    if (!isWaiting && state !== ACTIVE) return;
    const error = timedOutError(task, which);
    door.record(Code.taskTimedOut, task, TIMEOUT_KINDS.indexOf(which));
    // A subscriber may have cancelled it in the meantime; the attempt has still timed out.
    if (!isWaiting) calling.runOutside(() => task.ownRun.timeOut(error, door.turn.elapsed));
    else if (task.state === state) {
      task.group.dropWaiting(task);
      runner.giveUp(task, error);
      scheduler.revisit(task.group);
    }
  }
}
