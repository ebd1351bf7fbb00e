/** Passes the slot of a settled task on: directly to the next task in line where no other rule applies. */

import { Code } from '../../events/event-codes.ts';
import { ACTIVE } from '../../machines/charts.ts';
import type { Admission } from '../admission/admission.ts';
import type { Door } from '../door/door.ts';
import type { Group, Task } from '../live/live.ts';
import type { Stopwatch } from '../publishing/stopwatch.ts';
import type { AsyncContext } from '../turn/async-context.ts';
import type { Conditions } from '../waits/conditions.ts';
import { detailOf } from './queued.ts';
import type { Scheduler } from './scheduler.ts';
import type { Slots } from './slots.ts';
import type { Sources } from './sources.ts';

const { taskQueued } = Code;

/** The parts of a pool that are involved in passing on a slot. */
interface Parts {
  readonly door: Door;
  readonly admission: Admission;
  readonly sources: Sources;
  readonly conditions: Conditions;
  readonly scheduler: Scheduler;
  readonly stopwatch: Stopwatch;
}

export class Handover implements Slots {
  hasMore = false;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  relay(task: Task, value: unknown, context?: AsyncContext<Task>): Task | undefined {
    if (!this.#mayRelay(task)) return undefined;
    const { admission, stopwatch, sources } = this.#parts;
    const { group } = task;
    if (group.head === undefined && group.numBehind > 0) return this.#passKey(task, value, context);
    const head = admission.first;
    const passes =
      head === undefined ? admission.passesToNext(task) : admission.passesToHead(task, head);
    if (!passes) return undefined;
    // Checked last: reading the clock costs more than all other checks.
    const end = stopwatch.endOfRelay(task);
    if (end === undefined) return undefined;
    if (head !== undefined) return this.#passToHead(task, end, value, head, context);
    const next = sources.follow(group);
    if (next === undefined) return undefined;
    admission.serve(group);
    this.#record(task, end, value, next, next);
    return this.#taken(next, context);
  }

  release(group: Group, context?: AsyncContext<Task>): Task | undefined {
    const next =
      group.context === context && this.#isNextInLine(group)
        ? this.#startNext(group, context)
        : this.#refillAndStart(group, context);
    this.hasMore = next !== undefined && this.#mayStartMore(next.group);
    const { conditions } = this.#parts;
    if (next === undefined) conditions.notify();
    else if (!this.hasMore) conditions.notifyRunning();
    return next;
  }

  called(group: Group, context?: AsyncContext<Task>): void {
    const { admission, scheduler, conditions } = this.#parts;
    scheduler.refill(group, context);
    if (!admission.isEmpty) scheduler.startAdmitted(context);
    conditions.notifyRunning();
  }

  /** Whether the end of a task only needs to be recorded. */
  #mayRelay({ state, work, group }: Task): boolean {
    const { door, scheduler } = this.#parts;
    return (
      state === ACTIVE &&
      door.mayRelay &&
      scheduler.isUpToDate &&
      work.callbacks === undefined &&
      group.sink?.decides !== true &&
      group.identity.kind.keepResults === undefined &&
      (group.stored === undefined || !group.isLasting)
    );
  }

  /**
   * The head of the first group in line gets the slot. Its place is taken immediately by a task that waits behind it,
   * or by a new one unless that runs user code: then the function of the head is called first.
   */
  #passToHead(
    task: Task,
    end: number,
    value: unknown,
    head: Task,
    context: AsyncContext<Task> | undefined,
  ): Task | undefined {
    const { admission, sources } = this.#parts;
    const { group } = head;
    const mayPull = group.numBehind === 0 && admission.hasNextItem(group);
    const made = mayPull ? sources.follow(group) : undefined;
    admission.takeHead(group, group.lanes === undefined ? made : undefined);
    this.#record(task, end, value, head, made);
    if (made !== undefined && group.lanes !== undefined) this.#queue(made);
    return this.#taken(head, context);
  }

  /**
   * A task that waits for the same key gets the slot and the key. The next item is pulled after its function was
   * called.
   */
  #passKey(task: Task, value: unknown, context: AsyncContext<Task> | undefined): Task | undefined {
    const { admission, stopwatch } = this.#parts;
    const next = admission.followerOf(task);
    if (next === undefined) return undefined;
    const end = stopwatch.endOfRelay(task);
    if (end === undefined) return undefined;
    admission.passKey(next);
    this.#record(task, end, value, next, undefined);
    return this.#taken(next, context);
  }

  /** Queues a task that was created in a relay; if its keys hold it back, other items may overtake it. */
  #queue(task: Task): void {
    const { admission } = this.#parts;
    const { group } = task;
    admission.enqueue(task);
    admission.offer(group);
    if (group.head === undefined) this.hasMore = true;
  }

  /** A task with a slot is returned to the calling loop or, if it belongs to another context, run there. */
  #taken(task: Task, context: AsyncContext<Task> | undefined): Task | undefined {
    const { group } = task;
    if (group.context === context) return context.next(task);
    group.context.run(task);
    if (this.hasMore) this.called(group, context);
    this.hasMore = false;
    return undefined;
  }

  #record(task: Task, end: number, value: unknown, next: Task, made: Task | undefined): void {
    const { door, admission, stopwatch, conditions } = this.#parts;
    task.release();
    task.value = value;
    const isLimited = next.keys !== undefined && !next.holdsKeys;
    if (isLimited) admission.limits?.prepare(next);
    door.relay(task, end, next, made, made && detailOf(made, undefined));
    stopwatch.relayed(next, made);
    if (isLimited) admission.limits?.start(next);
    this.hasMore = (made ?? next.group.head) === undefined;
    if (!this.hasMore) conditions.notifyRunning();
  }

  /**
   * Whether the next item of a group gets a slot immediately, since no other group waits for one and no subscriber
   * can change that. Most tasks start this way.
   */
  #isNextInLine(group: Group): boolean {
    const { door, admission } = this.#parts;
    return (
      group.source === 'open' &&
      group.head === undefined &&
      !group.mayHoldBack &&
      door.watching(taskQueued).length === 0 &&
      admission.isFreeFor(group) &&
      admission.admitsItem(group)
    );
  }

  /** Creates the task of the next item of such a group and starts it without queueing it. */
  #startNext(group: Group, context: AsyncContext<Task>): Task | undefined {
    const { sources, scheduler, admission } = this.#parts;
    const task = sources.take(group, context);
    if (task === undefined) return scheduler.startNext(context);
    // The source may have run code that changed these conditions.
    if (group.feed.isSpent || !admission.isFreeFor(group)) {
      sources.wait(task);
      return scheduler.startNext(context);
    }
    admission.serve(group);
    scheduler.start(task);
    return context.next(task);
  }

  #refillAndStart(group: Group, context: AsyncContext<Task> | undefined): Task | undefined {
    const { scheduler } = this.#parts;
    scheduler.refill(group, context);
    return scheduler.startNext(context);
  }

  /** Whether further tasks may start after one that has just got the slot. */
  #mayStartMore(group: Group): boolean {
    const { admission } = this.#parts;
    return !admission.isEmpty || admission.admits(group) || group.mayHoldBack;
  }
}
