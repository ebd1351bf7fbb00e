/** The life of groups and tasks: from a source through a slot to the end. The hot path. */

import { Code, type QueuedItem } from '../../event-table.ts';
import type { ErrorData, Json } from '../../events.ts';
import { runSoon } from '../../kit/jobs.ts';
import { isThenable, rejected, whenSettled } from '../../kit/promises.ts';
import { ACTIVE, CANCELLED, ENDED, QUEUED } from '../../machines/charts.ts';
import { describe } from '../checks.ts';
import { DONE, PENDING, RepeatFeed, SPENT } from '../feed.ts';
import type { IsCancellation, Logger } from '../options.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Delivery } from '../results/delivery.ts';
import { copyJson } from '../resuming/storable.ts';
import { recordCall, type StoredCall } from '../resuming/storing.ts';
import { errorData, toJson } from '../to-json.ts';
import { Callbacks } from './callbacks.ts';
import { type Cancellation, cancellation, isAbort } from './cancellation.ts';
import { Conditions } from './conditions.ts';
import type { Group } from './group.ts';
import { awaitItem } from './pending-item.ts';
import { Task } from './task.ts';
import { makeContext, type TaskServices } from './task-context.ts';
import { WaitingLine } from './waiting-line.ts';
import type { Work } from './work.ts';

const FULFILLED = 0;
const REJECTED = 1;
const CANCELLED_OUTCOME = 2;

const NOTHING: StoredCall['supply'] = [];

export class Engine implements TaskServices {
  readonly recorder: Recorder;
  readonly delivery: Delivery;
  readonly callbacks: Callbacks;
  readonly conditions = new Conditions();
  readonly poolName: string;
  readonly #logger: Logger;
  /** For groups that have none of their own. */
  readonly #isCancellation: IsCancellation | undefined;
  /** Groups with a task that waits for a slot, in the order in which they get one. */
  readonly #waiting = new WaitingLine();
  /** Groups to be looked at in the next turn. */
  #stale: Group[] = [];
  /** How many of them are new. */
  #unseen = 0;
  #turnScheduled = false;

  constructor(
    recorder: Recorder,
    delivery: Delivery,
    logger: Logger,
    isCancellation: IsCancellation | undefined,
  ) {
    this.recorder = recorder;
    this.delivery = delivery;
    this.callbacks = new Callbacks(recorder, logger);
    this.poolName = recorder.state.name;
    this.#logger = logger;
    this.#isCancellation = isCancellation;
  }

  /** Tasks that wait for a slot, and groups that wait for their first look. */
  get numWaiting(): number {
    return this.recorder.state.numQueued + this.#unseen;
  }

  /** Whether nothing is left to run, to unwind or to call back. */
  get isIdle(): boolean {
    const { state } = this.recorder;
    return state.openSources === 0 && state.numLive === 0 && this.callbacks.pending === 0;
  }

  /** Takes a new group in, with the items that the journal is to hold of it. */
  addGroup(group: Group, supply: StoredCall['supply'] = NOTHING): void {
    this.scheduleTurn();
    if (supply.length > 0) recordCall(this.recorder, group, supply);
    else this.recorder.record(Code.groupCreated, group, 0, group.identity);
    // Arguments that are repeated are no code of the user's: the first task can wait at once, unless
    // an earlier call waits for its first look.
    if (group.feed instanceof RepeatFeed && this.#unseen === 0) {
      this.#refill(group);
    } else {
      this.#stale.push(group);
      this.#unseen++;
    }
  }

  /** Starts nothing, whatever happens, until the returned function is called. */
  holdTurn(): () => void {
    this.#turnScheduled = true;
    return () => {
      this.#turnScheduled = false;
      this.scheduleTurn();
    };
  }

  /** Takes a group of an earlier process in again; it gets its first look in the next turn. */
  takeBack(group: Group): void {
    this.#stale.push(group);
    this.#unseen++;
  }

  /** Looks at a group again in a microtask, since it may have room now. */
  revisit(group: Group): void {
    // Whoever cancels many tasks of a group asks for it each time.
    if (this.#stale.at(-1) !== group) this.#stale.push(group);
    this.scheduleTurn();
  }

  /**
   * Starts what can start, in a microtask: no method runs code of the user's. Reads the clock, unless
   * that was done since the last turn.
   */
  scheduleTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    this.recorder.tick();
    void runSoon(() => {
      this.#turnScheduled = false;
      const groups = this.#stale;
      this.#stale = [];
      this.#unseen = 0;
      this.recorder.tick();
      // Those whose task waits already come before those that are to get one.
      const heads = groups.filter(hasHead).sort((a, b) => a.head.id - b.head.id);
      for (const group of heads) this.#enqueue(group);
      for (const group of groups) this.#refill(group);
      this.#admit();
      this.conditions.poke();
    });
  }

  /** A source that had answered {@link PENDING} has an answer. */
  onReady(group: Group): void {
    this.recorder.tick();
    this.#proceed(group);
  }

  /** Pulls the next item of a group, if it may run another task, and lets it wait for a slot. */
  #refill(group: Group): void {
    if (group.head === undefined && group.backlog !== undefined) group.advanceBacklog();
    if (group.head !== undefined) this.#enqueue(group);
    else if (group.source === 'open' && group.hasRoom) this.#pull(group);
  }

  #pull(group: Group): void {
    let item: unknown;
    try {
      item = group.feed.next();
    } catch (error) {
      this.#failSource(group, error, true);
      return;
    }
    // The source may have run code that cancelled its own group.
    if (item === PENDING || group.source !== 'open') return;
    if (item === DONE) {
      this.exhaust(group);
      return;
    }
    const { stored } = group;
    // A task of a group that is stored gets what a later attempt would get: a copy of that.
    const own = stored === undefined ? item : copyJson(item as Json);
    const detail = stored === undefined || stored.hasNext ? group.identity : queued(group, item);
    const task = new Task(this.recorder.state.totals.created, group, group.created, own);
    // Before it is recorded: a subscriber may cancel it there and then, or its group.
    group.head = task;
    this.#enqueue(group);
    this.recorder.record(Code.taskQueued, task, task.index, detail);
    if (group.source === 'open' && group.feed.isSpent) this.exhaust(group);
  }

  #enqueue(group: Group): void {
    if (group.hasRoom) this.#waiting.join(group);
  }

  /** Gives free slots to the groups that wait, each one slot in its turn. */
  #admit(): void {
    const { state, writer } = this.recorder;
    while (state.slots < state.poolSize && writer?.isBehind !== true) {
      const group = this.#waiting.serve();
      if (group === undefined) return;
      const task = group.head;
      if (task === undefined || !group.hasRoom) continue;
      group.head = undefined;
      this.recorder.record(Code.taskStarted, task);
      this.#run(task);
      this.#refill(group);
    }
  }

  /** Calls the function, and takes what it returns as the language does: it may be any object. */
  #run(task: Task): void {
    let result: unknown;
    try {
      result = isThenable(task.item)
        ? this.#callWithAwaited(task)
        : this.#call(task.group.work, task);
    } catch (error) {
      // Others are being started: it ends after that, as if it had rejected.
      result = rejected(error);
    }
    whenSettled(
      result,
      (value) => this.#onFulfilled(task, value),
      (error) => this.#onRejected(task, error),
    );
  }

  async #callWithAwaited(task: Task): Promise<unknown> {
    task.item = await awaitItem(task);
    return this.#call(task.group.work, task);
  }

  #call({ fn, visible, spreads }: Work, task: Task): unknown {
    const { item } = task;
    if (spreads) {
      if (!Array.isArray(item)) throw notATuple(task, item);
      const args: readonly unknown[] = item;
      return visible > args.length ? fn(...args, makeContext(task, this)) : fn(...args);
    }
    return visible > 1 ? fn(item, makeContext(task, this)) : fn(item);
  }

  #onFulfilled(task: Task, value: unknown): void {
    this.recorder.tick();
    this.#end(task, FULFILLED, value);
    this.#proceed(task.group);
  }

  #onRejected(task: Task, error: unknown): void {
    this.recorder.tick();
    if (task.isAborted && this.#hasGivenIn(task, error)) {
      this.#unwound(task);
    } else {
      this.#end(task, REJECTED, error, errorData(error));
    }
    this.#proceed(task.group);
  }

  /** Whether what the function threw after the abort of its signal is due to that. */
  #hasGivenIn(task: Task, error: unknown): boolean {
    if (isAbort(error, task.abortReason)) return true;
    const isCancellation = task.group.work.callbacks?.isCancellation ?? this.#isCancellation;
    if (isCancellation === undefined) return false;
    try {
      const answer: unknown = isCancellation(error, task.signal);
      if (typeof answer === 'boolean') return answer;
      throw new TypeError(`expected isCancellation to return a boolean, got ${describe(answer)}`);
    } catch (problem) {
      this.#logger.error(`isCancellation failed for task ${task.id}`, problem);
      return false;
    }
  }

  /** The cancellation is complete; a cancel callback runs before the task ends. */
  #unwound(task: Task): void {
    this.recorder.record(Code.taskCancelled, task);
    this.#finishCancelled(task);
  }

  #finishCancelled(task: Task): void {
    const cancelCallback = task.group.work.callbacks?.cancel;
    if (cancelCallback === undefined) {
      this.#end(task, CANCELLED_OUTCOME, task.abortReason);
      return;
    }
    this.callbacks.run('cancel', cancelCallback, task, () => {
      this.#end(task, CANCELLED_OUTCOME, task.abortReason);
      this.#proceed(task.group);
    });
  }

  #end(task: Task, outcome: number, value: unknown, error?: ErrorData): void {
    const { group } = task;
    task.letGo();
    task.value = value;
    this.recorder.enter(Code.taskEnded, task, outcome, error);
    task.rank = group.ended;
    if (task.startedAt === undefined) group.addUnstarted(task);
    if (group.sink !== undefined || task.outcome === 'rejected') this.delivery.deliver(task);
    // After the delivery: a subscriber may end other tasks, whose results come after this one.
    this.recorder.announce(Code.taskEnded, task);
    const endCallback = group.work.callbacks?.end;
    if (endCallback !== undefined) {
      this.callbacks.run('end', endCallback, task, () => this.conditions.poke());
    }
    if (group.isDone) this.delivery.finish(group);
  }

  #proceed(group: Group): void {
    this.#refill(group);
    this.#admit();
    this.conditions.poke();
  }

  /** A source has no more items, or is told that no more are wanted. */
  exhaust(group: Group): void {
    group.feed.close();
    group.feed = SPENT;
    this.recorder.record(Code.groupExhausted, group, group.created, group.identity);
    if (group.isDone) this.delivery.finish(group);
  }

  /**
   * No more items of a group are wanted. Nothing is pulled from now on; the event follows in a
   * microtask, since another one may just be under way.
   */
  stopSource(group: Group): void {
    if (group.source !== 'open') return;
    group.feed.close();
    group.feed = SPENT;
    void runSoon(() => {
      if (group.source !== 'open') return;
      this.recorder.tick();
      this.exhaust(group);
      this.conditions.poke();
    });
  }

  /** No task can be started any more: ends every source with the reason, which is kept elsewhere. */
  failSources(error: unknown): void {
    const why = cancellation(error);
    for (const group of this.recorder.state.groups) {
      group.feed.close();
      this.#failSource(group, error, false);
      for (const task of group.waiting) this.cancel(task, why);
    }
  }

  #failSource(group: Group, error: unknown, counts: boolean): void {
    if (group.source !== 'open') return;
    group.feed = SPENT;
    const detail = { group: group.name, error: errorData(error) };
    this.recorder.enter(Code.groupFailed, group, 0, detail);
    this.delivery.fail(group, error, counts);
    this.recorder.announce(Code.groupFailed, group);
    if (group.isDone) this.delivery.finish(group);
  }

  /** Cancels a task that is queued or running; one that is unwinding goes on unwinding. */
  cancel(task: Task, { reason, json }: Cancellation): void {
    if (task.state === ACTIVE) {
      this.recorder.record(Code.taskCancelling, task, 0, json);
      task.abort(reason);
    } else if (task.state === QUEUED) {
      task.group.dropWaiting(task);
      task.abort(reason);
      this.#unwound(task);
      this.revisit(task.group);
    }
  }

  /** Stops the source of a group, then cancels what waits and what runs. */
  cancelGroup(group: Group, why: Cancellation): void {
    const { reason, json } = why;
    group.feed.close();
    group.feed = SPENT;
    const fields = { group: group.name };
    const detail = json === undefined ? fields : { ...fields, reason: json };
    const { isIncomplete } = group;
    this.recorder.enter(Code.groupCancelled, group, 0, detail);
    if (isIncomplete) this.delivery.fail(group, reason, false);
    this.recorder.announce(Code.groupCancelled, group);
    const { waiting, tasks, isDone } = group;
    for (const task of waiting) this.cancel(task, why);
    for (const task of tasks) if (task.state === ACTIVE) this.cancel(task, why);
    if (isDone) this.delivery.finish(group);
    this.scheduleTurn();
  }

  /** Ends a task that was being cancelled when the process that ran it died. */
  unwind(task: Task): void {
    const { reason } = cancellation(task.notes.reason);
    task.abort(reason);
    if (task.state !== CANCELLED) this.recorder.record(Code.taskCancelled, task);
    this.#finishCancelled(task);
  }

  /** Ends a task that ran in a process that died, and is not to run again. */
  giveUp(task: Task, error: unknown): void {
    this.#end(task, REJECTED, error, errorData(error));
  }

  report(task: Task, progress: unknown): void {
    if (task.state === QUEUED || task.state === CANCELLED || task.state === ENDED) return;
    this.recorder.tick();
    this.recorder.record(Code.taskProgressed, task, 0, toJson(progress));
  }

  log(task: Task, data: readonly unknown[]): void {
    this.#logger.info(`${this.poolName} task ${task.id}:`, ...data);
  }
}

/** What a `task.queued` tells that holds the item. */
function queued({ name }: Group, item: unknown): QueuedItem {
  return { name, item: item as Json };
}

function hasHead(group: Group): group is Group & { head: Task } {
  return group.head !== undefined;
}

/** Anything else would be spread in part, or put the context where the function does not expect it. */
function notATuple({ index }: Task, item: unknown): TypeError {
  return new TypeError(
    `expected tuple ${index} to be an array of arguments, got ${describe(item)}`,
  );
}
