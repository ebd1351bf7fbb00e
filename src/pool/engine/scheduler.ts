/** Queues tasks for a slot and starts those that are admitted. */

import { Code, type EventCode } from '../../events/event-codes.ts';
import { QUEUED } from '../../machines/charts.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { Admission } from '../admission/admission.ts';
import type { Door, Witness } from '../door/door.ts';
import { RepeatFeed } from '../feeds/feed.ts';
import type { Group, Task } from '../live/live.ts';
import type { AsyncContext } from '../turn/async-context.ts';
import type { Conditions } from '../waits/conditions.ts';
import type { Runner } from './runner.ts';
import type { Sources } from './sources.ts';

/** What opens a gate: those waiting there are looked at again. */
const OPENING: readonly EventCode[] = [
  Code.poolResized,
  Code.poolResumed,
  Code.groupResized,
  Code.groupResumed,
  Code.groupPrioritised,
  Code.taskPrioritised,
];

export class Scheduler implements Witness {
  readonly #door: Door;
  readonly #admission: Admission;
  readonly #runner: Runner;
  readonly #sources: Sources;
  readonly #conditions: Conditions;
  /** Groups to be looked at in the next turn. */
  #stale: Group[] = [];
  /** How many of them are new. */
  #unseen = 0;
  /** How many of them, from the first, have had the tasks offered that they have already. */
  #offered = 0;
  /** The context in which the next turn runs, where that is the one of a group. */
  #context: AsyncContext<Task> | undefined = undefined;

  constructor(
    door: Door,
    admission: Admission,
    runner: Runner,
    sources: Sources,
    conditions: Conditions,
  ) {
    this.#door = door;
    this.#admission = admission;
    this.#runner = runner;
    this.#sources = sources;
    this.#conditions = conditions;
    door.turn.run = () => this.#runTurn();
    sources.onGivenUp = (group) => this.revisit(group);
  }

  /** The events that it has to see. */
  get codes(): readonly EventCode[] {
    return OPENING;
  }

  /** A gate has opened. */
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

  /** Queues a task that is to be run again, in its place in the line of its group. */
  enqueue(task: Task): void {
    this.#admission.enqueue(task);
  }

  /** Counts a task that has started in another process, and runs on. */
  adopt(task: Task): void {
    this.#admission.adopt(task);
  }

  /** Queues a task that is to be run again, and its group in the line for slots. */
  requeue(task: Task): void {
    this.#admission.enqueue(task);
    this.#admission.offer(task.group);
    this.schedule();
  }

  /** Takes a new group in. */
  add(group: Group): void {
    // The next turn is in the context of the first call that asks for it.
    if (!this.#door.turn.isScheduled) this.#context = group.context as AsyncContext<Task>;
    // Arguments that are repeated are no code of the user's: the first task can wait at once, unless
    // an earlier call waits for its first look.
    if (group.feed instanceof RepeatFeed && this.#unseen === 0) {
      this.schedule();
      this.refill(group);
    } else {
      this.addLater(group);
      this.schedule();
    }
  }

  /** Takes a group in, which gets its first look in the next turn, whenever that comes. */
  addLater(group: Group): void {
    this.#stale.push(group);
    this.#unseen++;
  }

  /** Looks at a group again in the next turn, since it may have room then. */
  revisit(group: Group): void {
    // A caller that cancels many tasks of a group asks for it each time.
    if (this.#stale.at(-1) !== group) this.#stale.push(group);
    this.schedule();
  }

  /** Starts what can start, in the next turn: no method runs code of the user's. */
  schedule(): void {
    this.#door.turn.schedule();
  }

  /** A task of the group has settled, or its source has an answer. */
  proceed(group: Group): void {
    this.refill(group);
    this.startAdmitted(undefined);
    this.#conditions.poke();
  }

  /** Whether no group has got tasks since that have not been offered yet. */
  get isUpToDate(): boolean {
    return this.#offered === this.#stale.length;
  }

  /** Lets tasks that wait do so in the places that they have got now. */
  #reorder(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (task.state !== QUEUED || !task.group.isWaiting(task)) continue;
      task.group.dropWaiting(task);
      this.#admission.enqueue(task);
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
    // Those whose task waits already come before those that are to get one.
    this.#offerHeads(groups);
    for (const group of groups) this.refill(group, context);
    this.startAdmitted(context);
    this.#conditions.poke();
  }

  /** Queues groups for a slot with the tasks that they have: those first that were made first. */
  #offerHeads(groups: readonly Group[]): void {
    for (const group of groups) {
      if (group.head === undefined && group.backlog !== undefined) group.advance();
    }
    const heads = groups.filter(hasHead).sort((a, b) => a.head.id - b.head.id);
    for (const group of heads) this.#admission.offer(group);
    for (const group of groups) {
      if (group.head === undefined && group.lanes !== undefined) this.#admission.offer(group);
    }
  }

  /** Starts the heads of the groups that are admitted, each group one task in its turn. */
  startAdmitted(context: AsyncContext<Task> | undefined): void {
    for (;;) {
      const task = this.startNext(context);
      if (task === undefined) return;
      void this.#runner.loop(context as AsyncContext<Task>, task);
      this.refill(task.group, context);
    }
  }

  /**
   * Starts the heads of groups that are admitted, up to one that belongs into a context, which is the
   * current one: its function can be called here, before its group is asked for the next.
   */
  startNext(context: AsyncContext<Task> | undefined): Task | undefined {
    for (;;) {
      // A loop may come before the turn that is to see what has changed: it starts no one out of order.
      if (!this.isUpToDate) {
        this.#offerHeads(this.#stale.slice(this.#offered));
        this.#offered = this.#stale.length;
      }
      const group = this.#admission.reserve();
      if (group === undefined) return undefined;
      const task = group.head;
      if (task !== undefined) {
        group.head = undefined;
        this.start(task);
        if (group.context === context) {
          if (group.isSubmitted) this.refill(group, context);
          return context.next(task);
        }
        group.context.run(task);
      }
      this.refill(group, context);
    }
  }

  /** Starts a task for which there is a slot; its function is still to be called. */
  start(task: Task): void {
    if (task.keys !== undefined) this.#admission.prepare(task);
    this.#runner.start(task);
    if (task.keys !== undefined) this.#admission.start(task);
  }

  /**
   * Lets the head of a group wait for a slot; without one, pulls items until there is one.
   *
   * @param context the one that is current, where that is known.
   */
  refill(group: Group, context?: AsyncContext<Task>): void {
    if (group.head === undefined && group.backlog !== undefined) group.advance();
    if (group.head !== undefined || group.lanes !== undefined) this.#admission.offer(group);
    while (this.#mayPull(group) && this.#sources.pull(group, context));
  }

  #mayPull(group: Group): boolean {
    const { head, source } = group;
    if (head !== undefined && !group.isOvertaken) return false;
    return source === 'open' && this.#admission.admitsItem(group);
  }
}

function hasHead(group: Group): group is Group & { head: Task } {
  return group.head !== undefined;
}
