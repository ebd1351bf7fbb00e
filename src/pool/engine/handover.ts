/** Passes the slot of a settled task on: directly to the next task of its group where no other rule applies. */

import { Code } from '../../events/event-codes.ts';
import { ACTIVE } from '../../machines/charts.ts';
import type { Admission } from '../admission/admission.ts';
import type { Door } from '../door/door.ts';
import type { Group, Task } from '../live/live.ts';
import type { Stopwatch } from '../publishing/stopwatch.ts';
import type { AsyncContext } from '../turn/async-context.ts';
import type { Conditions } from '../waits/conditions.ts';
import { detailOf } from './queued.ts';
import type { Slots } from './runner.ts';
import type { Scheduler } from './scheduler.ts';
import type { Sources } from './sources.ts';

const { taskQueued } = Code;

/** What a slot passes through on its way. */
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
  readonly #door: Door;
  readonly #admission: Admission;
  readonly #sources: Sources;
  readonly #conditions: Conditions;
  readonly #scheduler: Scheduler;
  readonly #stopwatch: Stopwatch;

  constructor({ door, admission, sources, conditions, scheduler, stopwatch }: Parts) {
    this.#door = door;
    this.#admission = admission;
    this.#sources = sources;
    this.#conditions = conditions;
    this.#scheduler = scheduler;
    this.#stopwatch = stopwatch;
  }

  relay(task: Task, value: unknown, context: AsyncContext<Task>): Task | undefined {
    if (!this.#mayRelay(task)) return undefined;
    const { group } = task;
    const { head } = group;
    if (head === undefined && group.numBehind > 0) return this.#passKey(task, value, context);
    const passes =
      head === undefined
        ? this.#admission.passesToNext(task)
        : this.#admission.passesToHead(task, head);
    if (!passes) return undefined;
    // Reads the clock, which costs more than all that was asked before.
    const end = this.#stopwatch.endOfRelay(task);
    if (end === undefined) return undefined;
    if (head !== undefined) return this.#passToHead(task, end, value, head, context);
    const next = this.#sources.follow(group);
    if (next === undefined) return undefined;
    this.#admission.serve(group);
    this.#record(task, end, value, next, next);
    return this.#taken(next, context);
  }

  release(group: Group, context: AsyncContext<Task>): Task | undefined {
    const next =
      group.context === context && this.#isNextInLine(group)
        ? this.#startNext(group, context)
        : this.#refillAndStart(group, context);
    this.hasMore = next !== undefined && this.#mayStartMore(next.group);
    if (next === undefined) this.#conditions.poke();
    else if (!this.hasMore) this.#conditions.pokeAtWork();
    return next;
  }

  vacated(group: Group, context: AsyncContext<Task>): void {
    this.#scheduler.refill(group, context);
  }

  called(group: Group, context: AsyncContext<Task>): void {
    this.#scheduler.refill(group, context);
    if (!this.#admission.isEmpty) this.#scheduler.startAdmitted(context);
    this.#conditions.poke();
  }

  proceed(group: Group): void {
    this.#scheduler.proceed(group);
  }

  begun(task: Task): void {
    this.#admission.begun(task);
  }

  /** Whether there is nothing to be done about the end of a task but to record it. */
  #mayRelay({ state, work, group }: Task): boolean {
    return (
      state === ACTIVE &&
      this.#door.mayRelay &&
      this.#scheduler.isUpToDate &&
      work.callbacks === undefined &&
      group.sink?.decides !== true &&
      group.identity.kind.keepResults === undefined &&
      (group.stored === undefined || !group.isLasting)
    );
  }

  /**
   * The head of the group gets the slot. Another task takes its place at once: one that waits behind it, or a new one,
   * unless the function of the head is to be called first, here and now.
   */
  #passToHead(
    task: Task,
    end: number,
    value: unknown,
    head: Task,
    context: AsyncContext<Task>,
  ): Task | undefined {
    const { group } = task;
    // Calls have been there before the function that is called next: they need not wait for it.
    const isFirst = group.context !== context || group.isSubmitted;
    const mayPull = isFirst && group.numBehind === 0 && this.#admission.hasNextItem(group);
    const made = mayPull ? this.#sources.follow(group) : undefined;
    this.#admission.takeHead(group, group.lanes === undefined ? made : undefined);
    this.#record(task, end, value, head, made);
    if (made !== undefined && group.lanes !== undefined) this.#queue(made);
    return this.#taken(head, context);
  }

  /** The slot and the key go to a task that waits for that key, and another item is asked for after its function was called. */
  #passKey(task: Task, value: unknown, context: AsyncContext<Task>): Task | undefined {
    const next = this.#admission.followerOf(task);
    if (next === undefined) return undefined;
    const end = this.#stopwatch.endOfRelay(task);
    if (end === undefined) return undefined;
    this.#admission.passKey(next);
    this.#record(task, end, value, next, undefined);
    return this.#taken(next, context);
  }

  /** Lets a task that was made in a relay wait; if keys hold it back, another item may go past it. */
  #queue(task: Task): void {
    const { group } = task;
    this.#admission.enqueue(task);
    this.#admission.offer(group);
    if (group.head === undefined) this.hasMore = true;
  }

  /** A task that has got a slot is run by the loop that asks, or in the context that it belongs into. */
  #taken(task: Task, context: AsyncContext<Task>): Task | undefined {
    const { group } = task;
    if (group.context === context) return context.next(task);
    group.context.run(task);
    if (this.hasMore) this.called(group, context);
    this.hasMore = false;
    return undefined;
  }

  #record(task: Task, end: number, value: unknown, next: Task, made: Task | undefined): void {
    task.release();
    task.value = value;
    const isLimited = next.keys !== undefined && !next.holdsKeys;
    if (isLimited) this.#admission.prepare(next);
    this.#door.relay(task, end, next, made, made && detailOf(made, undefined));
    this.#stopwatch.relayed(next, made);
    if (isLimited) this.#admission.start(next);
    this.hasMore = (made ?? next.group.head) === undefined;
    if (!this.hasMore) this.#conditions.pokeAtWork();
  }

  /**
   * Whether the next item of a group gets a slot at once, since no other group waits for one,
   * and no subscriber can change that. Most tasks get theirs in this way.
   */
  #isNextInLine(group: Group): boolean {
    return (
      group.source === 'open' &&
      group.head === undefined &&
      !group.mayHoldBack &&
      !this.#door.isWatched(taskQueued) &&
      this.#admission.isFreeFor(group) &&
      this.#admission.admitsItem(group)
    );
  }

  /** Makes a task of the next item of such a group, and starts it without a place in the line. */
  #startNext(group: Group, context: AsyncContext<Task>): Task | undefined {
    const task = this.#sources.take(group, context);
    if (task === undefined) return this.#scheduler.startNext(context);
    // The source may have run code that changed what was so before.
    if (group.feed.isSpent || !this.#admission.isFreeFor(group)) {
      this.#sources.wait(task);
      return this.#scheduler.startNext(context);
    }
    this.#admission.serve(group);
    this.#scheduler.start(task);
    return context.next(task);
  }

  #refillAndStart(group: Group, context: AsyncContext<Task>): Task | undefined {
    this.#scheduler.refill(group, context);
    return this.#scheduler.startNext(context);
  }

  /** Whether another task may start besides the one that has just got the slot of the one before. */
  #mayStartMore(group: Group): boolean {
    return !this.#admission.isEmpty || this.#admission.admits(group) || group.mayHoldBack;
  }
}
