/** Updates the counts for each event of a task. */

import type { PoolEventOf } from '../events/events.ts';
import type { FailedPlace, Failures } from './failures.ts';
import type { Ledger } from './ledger.ts';
import { LiveTask, type LiveTaskData, type LiveTasks, NEVER } from './live-tasks.ts';
import type { Places } from './places.ts';
import { State } from './row.ts';
import type { Slowest } from './slowest.ts';

/** The places where tasks are counted. */
interface CountedIn {
  readonly ledger: Ledger;
  readonly live: LiveTasks;
  readonly failures: Failures;
  readonly slowest: Slowest;
  readonly places: Places;
}

export class TaskCounts {
  readonly #ledger: Ledger;
  readonly #live: LiveTasks;
  readonly #failures: Failures;
  readonly #slowest: Slowest;
  readonly #places: Places;

  constructor({ ledger, live, failures, slowest, places }: CountedIn) {
    this.#ledger = ledger;
    this.#live = live;
    this.#failures = failures;
    this.#slowest = slowest;
    this.#places = places;
  }

  queue({ id, index, group, at }: PoolEventOf<'task.queued'>): void {
    this.add(id, index, group, at).row.created++;
  }

  /** Adds a queued task, without counting it as created. */
  add(id: number, index: number, group: string, at: number): LiveTask {
    const row = this.#ledger.rowOf(group);
    const task = this.#live.add(id, index, group, row, at);
    row.now[State.queued]!++;
    return task;
  }

  start({ id, at }: PoolEventOf<'task.started'>): void {
    const task = this.#live.get(id);
    if (task === undefined) return;
    const { row } = task;
    row.now[task.state]!--;
    row.now[State.running]!++;
    this.#live.move(task, State.running);
    task.startedAt = at;
    row.started++;
    row.waited.record(at > task.queuedAt ? at - task.queuedAt : 0);
  }

  /** Its remote attempt has begun. */
  place({ id, at, by }: PoolEventOf<'task.placed'>): void {
    const task = this.#live.get(id);
    if (task === undefined) return;
    this.#leave(task, false);
    const place = this.#places.get(by, at);
    place.running++;
    place.started++;
    place.lastAt = at;
    task.place = place;
    this.#live.began(task, at);
  }

  cancel(id: number, at: number): void {
    const task = this.#live.get(id);
    if (task !== undefined) this.#abort(task, at, State.cancelling);
  }

  timeOut({ id, at, which }: PoolEventOf<'task.timedOut'>): void {
    const task = this.#live.get(id);
    if (task === undefined) return;
    task.row.timeouts[which]++;
    if (task.state === State.running) this.#abort(task, at, State.timedOut);
  }

  fail(event: PoolEventOf<'task.failed'>): void {
    const { id, at, ran } = event;
    const task = this.#live.get(id);
    if (task === undefined) return;
    const { row } = task;
    row.ran.record(ran ?? at - task.startedAt);
    row.recent.count(at, false, true);
    row.retries++;
    this.#failures.count(event, placeOf(task));
    if (task.place !== undefined) this.#leave(task, true);
    this.moveTo(task, State.delayed);
    task.startedAt = NEVER;
    task.abortedAt = NEVER;
  }

  requeue(id: number, at: number): void {
    const task = this.#live.get(id);
    if (task !== undefined) this.#queueAgain(task, at);
  }

  interrupt(id: number, at: number): void {
    const task = this.#live.get(id);
    if (task === undefined) return;
    task.row.interruptions++;
    if (task.place !== undefined) this.#leave(task, true);
    task.startedAt = NEVER;
    task.abortedAt = NEVER;
    this.#queueAgain(task, at);
  }

  end(event: PoolEventOf<'task.ended'>): void {
    const { id, at, outcome, ran } = event;
    const task = this.#live.get(id);
    if (task === undefined) return;
    const { row } = task;
    const hasFailed = outcome === 'rejected';
    if (task.startedAt !== NEVER) {
      const time = ran ?? Math.max(0, at - task.startedAt);
      row.ran.record(time);
      if (time > this.#slowest.least) {
        const { index, group } = task;
        this.#slowest.add({ id, group, index, ran: time, at, outcome });
      }
    }
    row.recent.count(at, true, hasFailed);
    if (outcome === 'fulfilled') row.outcomes.fulfilled++;
    else if (hasFailed) row.outcomes.rejected++;
    else row.outcomes.cancelled++;
    row.now[task.state]!--;
    if (hasFailed) this.#failures.count(event, placeOf(task));
    if (task.place !== undefined) this.#leave(task, hasFailed);
    this.#live.remove(task);
  }

  moveTo(task: LiveTask | undefined, state: number): void {
    if (task === undefined || task.state === state) return;
    const { now } = task.row;
    now[task.state]!--;
    now[state]!++;
    this.#live.move(task, state);
  }

  toJSON(): readonly LiveTaskData[] {
    return Array.from(this.#live, (task) => this.#dataOf(task));
  }

  restore(tasks: readonly LiveTaskData[]): void {
    this.#live.restore(tasks.map((data) => this.#restored(data)));
  }

  /** Its attempt is not running at its place any more. */
  #leave(task: LiveTask, hasFailed: boolean): void {
    const { place } = task;
    if (place === undefined) return;
    place.running--;
    if (hasFailed) place.failed++;
    task.place = undefined;
  }

  #abort(task: LiveTask, at: number, state: number): void {
    if (task.abortedAt === NEVER) task.abortedAt = at;
    this.moveTo(task, state);
  }

  #queueAgain(task: LiveTask, at: number): void {
    task.queuedAt = at;
    task.attempt++;
    this.moveTo(task, State.queued);
  }

  #dataOf(task: LiveTask): LiveTaskData {
    const { id, index, group, row, state, attempt, queuedAt, startedAt, abortedAt } = task;
    const functionName = this.#ledger.isOther(row) ? {} : { functionName: row.functionName };
    const isApart = row === this.#ledger.groups.get(group);
    const times = { queuedAt, startedAt, abortedAt };
    const place = task.place === undefined ? {} : { place: task.place.name };
    return { id, index, group, ...functionName, isApart, state, attempt, ...times, ...place };
  }

  #restored(data: LiveTaskData): LiveTask {
    const { id, index, group, functionName, isApart, queuedAt } = data;
    const row = isApart ? this.#ledger.rowOf(group) : this.#ledger.restOf(functionName);
    const { state, attempt, startedAt, abortedAt } = data;
    const task = new LiveTask(row);
    const known = { id, index, group, state, attempt, queuedAt, startedAt, abortedAt };
    if (data.place !== undefined) task.place = this.#places.get(data.place, startedAt);
    return Object.assign(task, known);
  }
}

function placeOf({ id, index, group }: LiveTask): FailedPlace {
  return { id, group, index };
}
