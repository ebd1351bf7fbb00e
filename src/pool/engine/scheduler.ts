/** Queues tasks for a slot and starts those that are admitted. */

import { Code, type EventCode } from '../../events/event-codes.ts';
import { pendingTurn } from '../../kit/fairness.ts';
import { QUEUED } from '../../machines/charts.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { Admission } from '../admission/admission.ts';
import type { Door, Witness } from '../door/door.ts';
import type { Group, Task } from '../live/live.ts';
import type { AsyncContext } from '../turn/async-context.ts';
import type { Conditions } from '../waits/conditions.ts';
import type { Runner } from './runner.ts';
import type { Sources } from './sources.ts';

/** The events that may allow waiting tasks to start. */
const OPENING: readonly EventCode[] = [
  Code.poolResized,
  Code.poolResumed,
  Code.groupResized,
  Code.groupResumed,
  Code.groupPrioritised,
  Code.taskPrioritised,
];

/** The parts of a pool that starting tasks involves. */
interface Parts {
  readonly door: Door;
  readonly admission: Admission;
  readonly runner: Runner;
  readonly sources: Sources;
  readonly conditions: Conditions;
}

export class Scheduler implements Witness {
  readonly #parts: Parts;
  /** Groups to be checked in the next turn. */
  #stale: Group[] = [];
  /** How many of them are new. */
  #unseen = 0;
  /** How many of them, from the first, have had their existing tasks offered for admission. */
  #offered = 0;
  /** The context in which the next turn runs, if it is the context of a group. */
  #context: AsyncContext<Task> | undefined = undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.door.turn.run = () => this.#runTurn();
  }

  /** The events that it observes. */
  get codes(): readonly EventCode[] {
    return OPENING;
  }

  /** An event that may allow waiting tasks to start. */
  see(code: EventCode, subject: Subject): void {
    if (subject === undefined) this.schedule();
    else if (code === Code.taskPrioritised) this.#reorder([subject as Task]);
    else {
      const group = subject as Group;
      if (code === Code.groupPrioritised) {
        group.feed.reorder?.();
        this.#reorder(group.waiting);
      }
      this.revisit(group);
    }
  }

  /** Queues a task that is to be run again, and its group in the line for slots. */
  requeue(task: Task): void {
    const { admission } = this.#parts;
    admission.enqueue(task);
    admission.offer(task.group);
    this.schedule();
  }

  /** Adds a new group. */
  add(group: Group): void {
    // The next turn runs in the context of the call that schedules it.
    if (!this.#parts.door.turn.isScheduled) this.#context = group.context as AsyncContext<Task>;
    // The first task is queued immediately, unless an earlier call is still waiting to be checked.
    if (group.feed.repeats === true && this.#unseen === 0) {
      this.schedule();
      this.refill(group);
    } else {
      this.addLater(group);
      this.schedule();
    }
  }

  /** Adds a group that is first checked in the next turn, without scheduling one. */
  addLater(group: Group): void {
    this.#stale.push(group);
    this.#unseen++;
  }

  /** Checks a group again in the next turn, since more of its tasks may start then. */
  revisit(group: Group): void {
    // Cancelling many tasks of a group requests it for each of them.
    if (this.#stale.at(-1) !== group) this.#stale.push(group);
    this.schedule();
  }

  /** Starts the tasks that can start, in the next turn: methods must not run user code. */
  schedule(): void {
    this.#parts.door.turn.schedule();
  }

  /** A task of the group has settled, or its source has an answer: starts the tasks that can start. */
  proceed(group: Group): void {
    this.refill(group);
    this.startAdmitted(undefined);
    this.#parts.conditions.notify();
  }

  /** Whether all existing tasks of groups have been offered for admission. */
  get isUpToDate(): boolean {
    return this.#offered === this.#stale.length;
  }

  /** Moves waiting tasks to the places of their new priorities. */
  #reorder(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (task.state !== QUEUED || !task.group.isWaiting(task)) continue;
      this.#parts.admission.reorder(task);
      this.revisit(task.group);
    }
  }

  #runTurn(): void {
    const groups = this.#stale;
    const context = this.#context;
    this.#stale = [];
    this.#unseen = 0;
    this.#offered = 0;
    this.#context = undefined;
    // Tasks that are already waiting come before those that are yet to be created.
    this.#offerHeads(groups);
    for (const group of groups) this.refill(group, context);
    this.startAdmitted(context);
    this.#parts.conditions.notify();
  }

  /** Queues groups for a slot with their existing tasks, in the order of creation. */
  #offerHeads(groups: readonly Group[]): void {
    const { admission } = this.#parts;
    for (const group of groups) {
      if (group.head === undefined && group.backlog !== undefined) group.advance();
    }
    const heads = groups.filter(hasHead).sort((a, b) => a.head.id - b.head.id);
    for (const group of heads) admission.offer(group);
    for (const group of groups) {
      if (group.head === undefined && group.lanes !== undefined) admission.offer(group);
    }
  }

  /** Starts the heads of the admitted groups, one task per group in turn. */
  startAdmitted(context: AsyncContext<Task> | undefined): void {
    if (pendingTurn() !== undefined) {
      this.schedule();
      return;
    }
    for (;;) {
      const task = this.startNext(context);
      if (task === undefined) return;
      void this.#parts.runner.loop(context as AsyncContext<Task>, task);
      this.refill(task.group, context);
    }
  }

  /**
   * Starts the heads of admitted groups, up to one that belongs to the given context, which is the current one: the
   * caller calls its function here. If pulling the next item of its group runs user code, it is pulled afterwards.
   */
  startNext(context: AsyncContext<Task> | undefined): Task | undefined {
    for (;;) {
      // A loop may get here before the turn that handles the latest changes, and must not start tasks out of order.
      if (!this.isUpToDate) {
        this.#offerHeads(this.#stale.slice(this.#offered));
        this.#offered = this.#stale.length;
      }
      const group = this.#parts.admission.reserve();
      if (group === undefined) return undefined;
      const task = group.head;
      if (task !== undefined) {
        group.head = undefined;
        this.start(task);
        if (group.context === context) {
          if (group.isSubmitted || this.#parts.admission.hasNextItem(group))
            this.refill(group, context);
          return context.next(task);
        }
        group.context.run(task);
      }
      this.refill(group, context);
    }
  }

  /** Starts a task in a free slot; the caller must call its function. */
  start(task: Task): void {
    const { admission, runner } = this.#parts;
    admission.limits?.prepare(task);
    runner.start(task);
    admission.limits?.start(task);
  }

  /**
   * Queues the head of a group for a slot; if it has none, pulls items until it has one.
   *
   * @param context the current one, if it is known.
   */
  refill(group: Group, context?: AsyncContext<Task>): void {
    const { admission, sources } = this.#parts;
    if (group.head === undefined && group.backlog !== undefined) group.advance();
    if (group.head !== undefined || group.lanes !== undefined) admission.offer(group);
    while (this.#mayPull(group) && sources.pull(group, context));
  }

  #mayPull(group: Group): boolean {
    const { head, source } = group;
    if (head !== undefined && !group.isOvertaken) return false;
    return source === 'open' && this.#parts.admission.admitsItem(group);
  }
}

function hasHead(group: Group): group is Group & { head: Task } {
  return group.head !== undefined;
}
