/**
 * Decides which task starts next. A group offers the task at its head: the task waits in line while the pool has
 * no free slot, and is parked while a rule of its group holds it back. When what a rule depends on changes, the
 * groups concerned are offered again, so nothing is ever scanned.
 */

import { Code, type EventCode } from '../../events/event-codes.ts';
import type { EventFields, LimitKey } from '../../events/events.ts';
import { OrderedLine } from '../../kit/ordered-line.ts';
import type { LimitRecords } from '../../machines/limit-records.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { Door, Witness } from '../door/door.ts';
import type { Group, Task } from '../live/live.ts';
import { isBelowLimit } from './group-limit.ts';
import { keepsUp } from './journal-lag.ts';
import { Lanes } from './lanes.ts';
import { Limits } from './limits.ts';
import { isWithinLookahead } from './lookahead.ts';
import { isRunning } from './pause.ts';
import { hasFreeSlot } from './pool-size.ts';
import { Priorities } from './priorities.ts';
import { isInReach } from './reach.ts';

/** The events that free the keys of a task. */
const FREEING: readonly EventCode[] = [Code.taskFailed, Code.taskInterrupted, Code.taskEnded];

export class Admission implements Witness {
  readonly allowsRelay = true;
  /** Undefined if the pool has no limits. */
  limits: Limits | undefined = undefined;
  readonly #door: Door;
  readonly priorities: Priorities;
  /** Ordered by the priority of the heads, then by how long ago the group was served. */
  readonly #line = new OrderedLine<Group>();
  /** A counter of how often groups were served or added. */
  #served = 0;

  constructor(door: Door, aging: number | undefined) {
    this.#door = door;
    this.priorities = new Priorities(door.turn, aging);
  }

  /** Adds the limits of the state. */
  addLimits(records: LimitRecords): void {
    this.limits = new Limits(this, this.#door.turn, records);
    this.#door.watch(this, FREEING);
  }

  /** A limit was changed or added; it may be the first one. */
  changeLimit(changed: EventFields['limit.changed']): void {
    if (this.limits !== undefined) this.limits.change(changed);
    else this.addLimits(this.#door.state.limits as LimitRecords);
  }

  /** A task has released its slot. */
  see(code: EventCode, subject: Subject): void {
    const task = subject as Task;
    this.limits?.stop(task);
    if (code === Code.taskEnded) this.limits?.release(task);
  }

  /** Whether the rules of a group allow one more of its tasks to start. */
  admits(group: Group): boolean {
    return isRunning(group) && isBelowLimit(group);
  }

  /** Whether the rules of a group allow it to take one more item from its source. */
  admitsItem(group: Group): boolean {
    return this.admits(group) && isInReach(group) && isWithinLookahead(group);
  }

  /** Applies the limits of the pool to a group; its waiting tasks may have to wait for keys then. */
  limit(group: Group): void {
    const { limits } = this;
    if (limits === undefined || group.lanes !== undefined) return;
    // Delayed tasks are enqueued when their delay is over.
    const waiting = group.waiting.filter((task) => group.isWaiting(task));
    for (const task of waiting) group.dropWaiting(task);
    group.backlog = undefined;
    group.lanes = new Lanes(group, limits);
    for (const task of waiting) group.enqueue(task);
  }

  /** Records which keys a task needs; called before it is queued. */
  claim(task: Task, keys: Readonly<Record<string, LimitKey>>): void {
    task.note(this.limits?.claim(task, keys) ?? { keys });
  }

  /** Queues a task at its place among the tasks of its group. */
  enqueue(task: Task): void {
    const { group } = task;
    const { keys } = task.notes;
    if (keys !== undefined && task.keys === undefined) this.claim(task, keys);
    this.priorities.rank(task);
    // Even if a rule holds the task back: new groups are placed behind this one.
    if (group.arrival === 0) this.serve(group);
    group.enqueue(task);
  }

  /** Moves a waiting task to its place by its new priority. */
  reorder(task: Task): void {
    const { group } = task;
    group.lanes?.hold(task);
    group.dropWaiting(task);
    this.enqueue(task);
    group.lanes?.unhold(task);
  }

  /** Queues a group for a slot, unless a rule of its own holds it back. */
  offer(group: Group): void {
    const { lanes } = group;
    if (!this.admits(group)) lanes?.standAside();
    else {
      lanes?.settle();
      if (group.head !== undefined) this.#join(group, group.head);
    }
  }

  /** Whether the next task of a group may start without waiting: a slot is free and no other group is in line. */
  isFreeFor(group: Group): boolean {
    return this.isEmpty && this.#isOpen && this.admits(group) && !this.priorities.haveAging;
  }

  /** Whether a task of any group may start. */
  get #isOpen(): boolean {
    const { state, persister } = this.#door;
    return hasFreeSlot(state) && isRunning(state) && keepsUp(persister);
  }

  /**
   * Whether the slot of a task that has just fulfilled goes directly to the next item of its group, as most do: no
   * other group is in line, all slots that the rules allow are taken, and the next item is available. The group has
   * no tasks behind its head.
   */
  passesToNext(task: Task): boolean {
    const { group } = task;
    const { state } = this.#door;
    const isFull = group.slots === group.numConcurrent || state.slots === state.poolSize;
    if (!isFull || !this.isEmpty || group.head !== undefined) return false;
    if (this.priorities.haveAging || !this.#keepsSlot(group)) return false;
    if (!isInReach(group) || group.delayed > 0 || group.feed.hasMore !== true) return false;
    return group.lanes === undefined || this.#keepsKeys(task, group);
  }

  /**
   * Whether the slot of a task that has just fulfilled goes to the head of the first group in line. The group of that
   * task is in line as well, so that its end changes nothing about the order.
   */
  passesToHead(task: Task, head: Task): boolean {
    const { group } = head;
    if (task.group.place === -1 || head.score !== group.score || !this.#keepsSlot(group))
      return false;
    if (this.#line.length > 1 && !this.#passesOn(task.group, group)) return false;
    if (group.isOvertaken) return false;
    // Keys, or submissions that come first, may determine the task after it.
    if (group.numBehind > 0 && (group.lanes !== undefined || group.isSubmitted)) return false;
    return group.lanes === undefined || this.limits?.passesOn(task, head) === true;
  }

  /** Whether a slot may go from one group in line to another one, or the same, that remains below its limit. */
  #passesOn(from: Group, { lanes, slots, numConcurrent }: Group): boolean {
    const { state } = this.#door;
    if (state.slots !== state.poolSize || from.isOvertaken) return false;
    if (lanes !== undefined || from.lanes !== undefined) return false;
    return numConcurrent === null || slots + 1 < numConcurrent;
  }

  /**
   * The task that gets the slot and the key of a task that has just fulfilled: the first that waits for the key.
   * Undefined if a group is in line, or another task of the group could start.
   */
  followerOf(task: Task): Task | undefined {
    const { group } = task;
    if (!this.isEmpty || group.isLasting || !this.#keepsSlot(group)) return undefined;
    return this.limits?.followerOf(task) as Task | undefined;
  }

  /** Whether the slot of an ended task may go to another task of its group. */
  #keepsSlot(group: Group): boolean {
    const { state } = this.#door;
    const { slots, numConcurrent } = group;
    const isBelow = numConcurrent === null || slots <= numConcurrent;
    return isBelow && state.slots <= state.poolSize && isRunning(state) && isRunning(group);
  }

  /**
   * Starts a {@link followerOf follower}. Its key counts it before the other task ends, so that it is not open in
   * between.
   */
  passKey(task: Task): void {
    const { group } = task;
    group.dropWaiting(task);
    this.serve(group);
    this.limits?.prepare(task);
    this.limits?.start(task);
  }

  /** Whether the next task of a group needs the keys of this one, and can have them. */
  #keepsKeys(task: Task, { terms }: Group): boolean {
    if (task.keys === undefined || terms === undefined || terms.hasFunctions) return false;
    return this.limits?.passesOn(task, task) === true;
  }

  /** Whether the next item of such a group is available and its task can be created without running user code. */
  hasNextItem(group: Group): boolean {
    if (group.terms?.hasFunctions === true || group.feed.hasMore !== true) return false;
    return this.admitsItem(group);
  }

  /**
   * The head of the first group in line starts. Its place is taken by the task created for that, or else by the one
   * that waits behind it.
   */
  takeHead(group: Group, made: Task | undefined): void {
    this.#line.remove(group);
    group.advance();
    if (made !== undefined) {
      this.priorities.rank(made);
      group.head = made;
    }
    this.serve(group);
    if (group.head !== undefined) this.#join(group, group.head);
  }

  /** A group gets a slot, or its first task: next time, other groups are served before it. */
  serve(group: Group): void {
    group.arrival = ++this.#served;
  }

  /** The task that gets the next slot, unless a rule holds it back; undefined if no group is in line. */
  get first(): Task | undefined {
    return this.#line.first?.head;
  }

  /** Whether no group waits for a slot. */
  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  /**
   * The group whose head may start now; the slot is taken when its start is recorded. A group without a head has lost
   * it since it joined the line, to a key for instance: another of its items may overtake it.
   */
  reserve(): Group | undefined {
    while (!this.isEmpty && this.#isOpen) {
      const group = this.#line.shift() as Group;
      // The group may have been held back since it joined the line.
      if (!this.admits(group)) {
        group.lanes?.standAside();
        continue;
      }
      group.lanes?.settle();
      const { head } = group;
      // The head may have been cancelled, or its priority changed.
      if (head !== undefined && head.score < group.score) this.#join(group, head);
      else {
        if (head !== undefined) this.serve(group);
        return group;
      }
    }
    return undefined;
  }

  #join(group: Group, head: Task): void {
    if (group.place !== -1) {
      if (group.score === head.score) return;
      this.#line.remove(group);
    }
    group.score = head.score;
    this.#line.push(group);
  }
}
