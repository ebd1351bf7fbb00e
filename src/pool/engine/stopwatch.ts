/**
 * How long tasks wait and run, by the monotonic clock. Reading it costs more than recording an event, so
 * it is read only while it is wanted: `task.ended` has a subscriber, or goes to a store. Then it
 * is read once when a function has settled: the task that gets the slot waits until then and runs from then
 * on, unless code of the user's has run in between.
 */

import { Code, type EventCode } from '../../event-codes.ts';
import type { EndedTask } from '../../event-columns.ts';
import type { ErrorData, Json } from '../../events.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { Door, Witness } from './door.ts';
import type { Task, Times } from './live.ts';

/** Milliseconds, with fractions. */
interface TaskTimes {
  readonly waited: number;
  readonly ran: number;
}

export class Stopwatch implements Witness {
  readonly #door: Door;
  readonly #codes: readonly EventCode[] = [
    Code.taskQueued,
    Code.taskRequeued,
    Code.taskInterrupted,
    Code.taskStarted,
    Code.taskPlaced,
  ];
  /** Makes JSON of what is to be kept, if it can. Set once, where there is a store. */
  keep: (value: unknown, maxBytes: number | null) => Json | undefined = () => undefined;
  #isRunning = false;

  constructor(door: Door) {
    this.#door = door;
  }

  /** Sets whether it is wanted. */
  set isRunning(isRunning: boolean) {
    if (isRunning === this.#isRunning) return;
    this.#isRunning = isRunning;
    this.#door.watch(this, this.#codes, isRunning);
  }

  /** A function has settled. */
  settled(): void {
    if (this.#isRunning) this.#door.turn.lap();
  }

  see(code: EventCode, subject: Subject): void {
    const task = subject as Task;
    const { moment } = this.#door.turn;
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

  /** How long an attempt that is over waited and ran; undefined unless it is wanted. */
  timesOf(task: Task): TaskTimes | undefined {
    return this.#isRunning ? this.#spans(task) : undefined;
  }

  /** What the event says of the end of a task besides its outcome. */
  detailOfEnd(task: Task, error: ErrorData | undefined, isFulfilled: boolean): EndedTask {
    const { keepResults } = task.group.identity.kind;
    if (keepResults === undefined || !isFulfilled) return this.#timesOfEnd(task, error);
    const { attempt, waited, ran } = this.#timesOfEnd(task, error);
    const { name } = task.group;
    return { name, attempt, waited, ran, ...this.#kept(task.value, keepResults) };
  }

  /** What the journal is to hold of what a task has returned. */
  #kept(value: unknown, maxBytes: number | null): Pick<EndedTask, 'value' | 'omitted'> {
    if (value === undefined) return {};
    const kept = this.keep(value, maxBytes);
    return kept === undefined ? { omitted: true } : { value: kept };
  }

  #timesOfEnd(task: Task, error: ErrorData | undefined): EndedTask {
    const { identity } = task.group;
    const { attempt } = task;
    if (this.#isRunning) {
      const { waited, ran } = this.#spans(task);
      return { name: identity.name, attempt, waited, ran, error };
    }
    // Most: the group is all there is to say, and that costs nothing.
    if (error === undefined && attempt === 1) return identity;
    return { name: identity.name, attempt, error };
  }

  #spans(task: Task): TaskTimes {
    const { moment } = this.#door.turn;
    const { queuedAt, startedAt, placedAt, times } = task;
    // Who began to watch in between has only the wall clock for what came before.
    const queued = times?.queued ?? this.#before(queuedAt);
    const started = startedAt && (times?.started ?? this.#before(startedAt));
    if (started === undefined) return { waited: span(moment - queued), ran: 0 };
    // What runs elsewhere has not run before it is placed there.
    const unplaced = task.work.remote === undefined ? started : moment;
    const begun = placedAt === undefined ? unplaced : (times?.placed ?? this.#before(placedAt));
    return { waited: span(started - queued), ran: span(moment - begun) };
  }

  /** A wall time as one of the monotonic clock. */
  #before(at: number): number {
    const { turn } = this.#door;
    return turn.elapsed - (turn.at - at);
  }
}

function timesFrom(queued: number, started: number | undefined): Times {
  return { queued, started, placed: undefined };
}

/** Whole microseconds; the wall clock may have been set back. */
function span(ms: number): number {
  return Math.max(0, Math.round(ms * 1_000) / 1_000);
}
