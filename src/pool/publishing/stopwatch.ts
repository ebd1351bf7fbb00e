/**
 * Measures how long tasks wait and run, by the monotonic clock. Reading the clock costs more than recording an event,
 * so it is read only while the times are used: `task.ended` has a subscriber, or is written to a store or passed on.
 * It is read once when a function has settled: the task that takes over the slot has waited until then and runs from
 * then on, unless user code has run in between.
 */

import { Code, type EventCode } from '../../events/event-codes.ts';
import { type EndedTask, endOf, OUTCOMES } from '../../events/event-columns.ts';
import type { ErrorData } from '../../events/events.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { Door, Witness } from '../door/door.ts';
import type { Task, Times } from '../live/live.ts';
import type { PoolJournal } from '../persistence/journal.ts';

const FULFILLED = OUTCOMES.indexOf('fulfilled');

/** Milliseconds, with fractions. */
interface TaskTimes {
  readonly waited: number;
  readonly ran: number;
}

/** The parts of a pool that measuring and recording the end of a task involve. */
interface Parts {
  readonly door: Door;
  readonly journal: PoolJournal | undefined;
}

export class Stopwatch implements Witness {
  readonly allowsRelay = true;
  readonly #parts: Parts;
  readonly #codes: readonly EventCode[] = [
    Code.taskQueued,
    Code.taskRequeued,
    Code.taskInterrupted,
    Code.taskStarted,
    Code.taskPlaced,
  ];
  readonly #wanting = new Set<object>();
  #isRunning = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sets whether `by` needs the times. */
  want(by: object, isWanted: boolean): void {
    if (isWanted) this.#wanting.add(by);
    else this.#wanting.delete(by);
    const isRunning = this.#wanting.size > 0;
    if (isRunning === this.#isRunning) return;
    this.#isRunning = isRunning;
    this.#parts.door.watch(this, this.#codes, isRunning);
  }

  /** A function has settled. */
  settled(): void {
    if (this.#isRunning) this.#parts.door.turn.lap();
  }

  /** The `n` of the `task.ended` of a task whose slot is relayed; undefined if the times are too long for it. */
  endOfRelay(task: Task): number | undefined {
    this.settled();
    return this.#endOf(task, FULFILLED);
  }

  /** A slot was relayed to a task. `made`: the task that was queued in the same step, if any. */
  relayed(next: Task, made: Task | undefined): void {
    if (!this.#isRunning) return;
    if (made !== undefined) this.see(Code.taskQueued, made);
    this.see(Code.taskStarted, next);
  }

  see(code: EventCode, subject: Subject): void {
    const task = subject as Task;
    const { moment } = this.#parts.door.turn;
    if (code === Code.taskPlaced) this.#place(task, moment);
    else if (code !== Code.taskStarted) task.times = timesFrom(moment, undefined);
    else if (task.times === undefined) {
      task.times = timesFrom(this.#before(task.queuedAt), moment);
    } else task.times.started = moment;
  }

  #place(task: Task, placed: number): void {
    const { queuedAt, startedAt = queuedAt } = task;
    task.times ??= timesFrom(this.#before(queuedAt), undefined);
    task.times.started ??= this.#before(startedAt);
    task.times.placed = placed;
  }

  /** How long an ended attempt waited and ran; undefined if the times are not measured. */
  timesOf(task: Task): TaskTimes | undefined {
    if (!this.#isRunning) return undefined;
    const { moment } = this.#parts.door.turn;
    return { waited: this.#waited(task, moment) / 1000, ran: this.#ran(task, moment) / 1000 };
  }

  /** Records the end of a task, with its times if they are measured. */
  recordEnd(task: Task, outcome: number, error: ErrorData | undefined): void {
    const { identity } = task.group;
    const isKept = outcome === FULFILLED && identity.kind.keepResults !== undefined;
    // The usual case: the shared detail of the group and the attempt suffices, and nothing is allocated.
    if (error === undefined && !isKept) {
      const end = this.#endOf(task, outcome);
      if (end !== undefined) {
        this.#parts.door.record(Code.taskEnded, task, end, identity.ended(task.attempt));
        return;
      }
    }
    this.#parts.door.record(Code.taskEnded, task, outcome, this.#detailOfEnd(task, error, isKept));
  }

  #endOf(task: Task, outcome: number): number | undefined {
    if (!this.#isRunning) return outcome;
    const { moment } = this.#parts.door.turn;
    return endOf(outcome, this.#waited(task, moment), this.#ran(task, moment));
  }

  /** The detail of the event: everything but the outcome. */
  #detailOfEnd(task: Task, error: ErrorData | undefined, isKept: boolean): EndedTask {
    const { name, kind } = task.group.identity;
    const { attempt } = task;
    const { waited, ran } = this.timesOf(task) ?? {};
    if (!isKept) return { name, attempt, waited, ran, error };
    const kept = this.#parts.journal?.kept(task.value, kind.keepResults ?? null);
    return { name, attempt, waited, ran, ...kept };
  }

  /** How long a task has waited, at most until a moment. */
  #waited(task: Task, moment: number): number {
    const queued = task.times?.queued ?? this.#before(task.queuedAt);
    return micros((this.#started(task) ?? moment) - queued);
  }

  /** How long a task has run until a moment. */
  #ran(task: Task, moment: number): number {
    const started = this.#started(task);
    if (started === undefined) return 0;
    const { placedAt, times } = task;
    if (placedAt !== undefined) return micros(moment - (times?.placed ?? this.#before(placedAt)));
    // A remote function does not run before it is placed.
    return task.work.remote === undefined ? micros(moment - started) : 0;
  }

  #started({ startedAt, times }: Task): number | undefined {
    if (startedAt === undefined) return undefined;
    // Events before the measuring began are only known by the wall clock.
    return times?.started ?? this.#before(startedAt);
  }

  /** Converts a wall time to monotonic time. */
  #before(at: number): number {
    const { turn } = this.#parts.door;
    return turn.elapsed - (turn.at - at);
  }
}

function timesFrom(queued: number, started: number | undefined): Times {
  return { queued, started, placed: undefined };
}

/** Whole microseconds; the wall clock may have been set back. */
function micros(ms: number): number {
  return Math.max(0, Math.round(ms * 1000));
}
