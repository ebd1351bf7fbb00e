/**
 * Decides which task starts next. A group offers the task at its head: the task waits in line while the pool has
 * no free slot, and is parked while a rule of its group holds it back. When what a rule depends on changes, the
 * groups concerned are offered again, so nothing is ever scanned.
 */

import { Code, type EventCode } from '../../events/event-codes.ts';
import type { LimitKey } from '../../events/events.ts';
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

/** What frees the keys of a task. */
const FREEING: readonly EventCode[] = [Code.taskFailed, Code.taskInterrupted, Code.taskEnded];

export class Admission implements Witness {
  readonly allowsRelay = true;
  /** Undefined if the pool has none. */
  limits: Limits | undefined = undefined;
  readonly #door: Door;
  readonly priorities: Priorities;
  /** By the priority of the heads, then those first that were served longer ago. */
  readonly #line = new OrderedLine<Group>();
  /** How often a group was served, or came. */
  #served = 0;

  constructor(door: Door, aging: number | undefined) {
    this.#door = door;
    this.priorities = new Priorities(door.turn, aging);
  }

  /** Takes in the limits that the state says. */
  addLimits(records: LimitRecords): void {
    this.limits = new Limits(this, this.#door.turn, records);
  }

  /** The events that it has to see if there are limits. */
  get codes(): readonly EventCode[] {
    return FREEING;
  }

  /** A task has given its slot back. */
  see(code: EventCode, subject: Subject): void {
    const task = subject as Task;
    if (task.keys === undefined) return;
    this.limits?.stop(task);
    if (code === Code.taskEnded) this.limits?.release(task);
  }

  /** Whether the rules of a group let one more of its tasks start. */
  admits(group: Group): boolean {
    return isRunning(group) && isBelowLimit(group);
  }

  /** Whether the rules of a group let it take one more item from its source. */
  admitsItem(group: Group): boolean {
    return this.admits(group) && isInReach(group) && isWithinLookahead(group);
  }

  /** Lets a group keep to the limits of the pool; what waits there already may have to wait for keys. */
  limit(group: Group): void {
    const { limits } = this;
    if (limits === undefined || group.lanes !== undefined) return;
    // Those between two attempts come by themselves when they are due.
    const waiting = group.waiting.filter((task) => group.isWaiting(task));
    for (const task of waiting) group.dropWaiting(task);
    group.backlog = undefined;
    group.lanes = new Lanes(group, limits);
    for (const task of waiting) group.enqueue(task);
  }

  /** Notes which keys a task needs; to be done before it waits. */
  claim(task: Task, keys: Readonly<Record<string, LimitKey>>): void {
    const notes = this.limits?.claim(task, keys) ?? { keys };
    if (task.notes.keys === undefined) task.note(notes);
  }

  /** Queues a task, in its place among those of its group. */
  enqueue(task: Task): void {
    const { keys } = task.notes;
    if (keys !== undefined && task.keys === undefined) this.claim(task, keys);
    this.priorities.rank(task);
    task.group.enqueue(task);
  }

  /** A task runs that has started in another process. */
  adopt(task: Task): void {
    const { keys } = task.notes;
    if (keys === undefined) return;
    this.claim(task, keys);
    this.limits?.adopt(task);
  }

  /** A task that needs keys is about to start. */
  prepare(task: Task): void {
    this.limits?.prepare(task);
  }

  /** A task that needs keys has started. */
  start(task: Task): void {
    this.limits?.start(task);
  }

  /** Its function was called. */
  begun(task: Task): void {
    this.limits?.begun(task);
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

  /** Whether the next task of a group may start without waiting: there is a slot, and no one in line. */
  isFreeFor(group: Group): boolean {
    const { state, persister } = this.#door;
    if (!this.isEmpty || !hasFreeSlot(state) || !isRunning(state) || !keepsUp(persister))
      return false;
    return this.admits(group) && !this.priorities.haveAging;
  }

  /**
   * Whether the slot of a task that has just fulfilled goes straight to the next item of its group, as most do:
   * nobody waits, all slots that the rules allow are taken, and what is next is there. The group has no head, and
   * no task behind one.
   */
  passesToNext(task: Task): boolean {
    const { group } = task;
    const { state } = this.#door;
    const isFull = group.slots === group.numConcurrent || state.slots === state.poolSize;
    if (!isFull || group.source !== 'open' || !this.isEmpty) return false;
    if (this.priorities.haveAging || !this.#keepsSlot(group)) return false;
    if (!isInReach(group) || group.delayed > 0 || group.feed.hasMore !== true) return false;
    return group.lanes === undefined || this.#keepsKeys(task, group);
  }

  /** Whether the slot of a task that has just fulfilled goes to the head of its group: nobody else waits in line. */
  passesToHead(task: Task, head: Task): boolean {
    const { group } = task;
    if (group.place === -1 || this.#line.length > 1 || !this.#keepsSlot(group)) return false;
    if (group.isOvertaken || head.score !== group.score) return false;
    // Keys, or calls that come first, have a say in who comes after it.
    if (group.numBehind > 0 && (group.lanes !== undefined || group.isSubmitted)) return false;
    return group.lanes === undefined || this.limits?.passesOn(task, head) === true;
  }

  /**
   * The task that gets the slot of one that has just fulfilled, and its key: the first that waits there. Nobody waits
   * in line, and nothing else of its group could start.
   */
  followerOf(task: Task): Task | undefined {
    const { group } = task;
    if (!this.isEmpty || group.isLasting || !this.#keepsSlot(group)) return undefined;
    return this.limits?.followerOf(task) as Task | undefined;
  }

  /** Whether the slot of a task that is over may go to another one of its group. */
  #keepsSlot(group: Group): boolean {
    const { state } = this.#door;
    const { slots, numConcurrent } = group;
    const isBelow = numConcurrent === null || slots <= numConcurrent;
    return isBelow && state.slots <= state.poolSize && isRunning(state) && isRunning(group);
  }

  /** A {@link followerOf follower} starts. Its key counts it before the other one ends: it is not open in between. */
  passKey(task: Task): void {
    const { group } = task;
    group.dropWaiting(task);
    this.prepare(task);
    this.start(task);
    this.serve(group);
  }

  /** Whether the next task of a group needs the keys of this one, and can have them. */
  #keepsKeys(task: Task, { terms }: Group): boolean {
    if (task.keys === undefined || terms === undefined || terms.hasFunctions) return false;
    return this.limits?.passesOn(task, task) === true;
  }

  /** Whether the next item of such a group is there, and its task may be made without running code of the user's. */
  hasNextItem(group: Group): boolean {
    if (group.source !== 'open' || group.terms?.hasFunctions === true) return false;
    return group.feed.hasMore === true && this.admitsItem(group);
  }

  /**
   * The head of a group starts, which nobody else waits with; a task that is made for that takes its place in the
   * line, or else the one that waits behind it.
   */
  takeHead(group: Group, made: Task | undefined): void {
    group.advance();
    if (made !== undefined) {
      this.priorities.rank(made);
      group.head = made;
    }
    const { head } = group;
    // Alone in the line it stands where it should, whatever it counts.
    if (head === undefined) this.#line.remove(group);
    else group.score = head.score;
    this.serve(group);
  }

  /** A group gets a slot: others are served before it the next time. */
  serve(group: Group): void {
    group.arrival = ++this.#served;
  }

  /** Whether no group waits for a slot. */
  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  /**
   * The group whose head may start now; the slot is taken by the event that says it did. A group without
   * a head has lost it since it joined the line, to a key for instance: another of its items may go past it.
   */
  reserve(): Group | undefined {
    const { state, persister } = this.#door;
    while (!this.isEmpty && hasFreeSlot(state) && isRunning(state) && keepsUp(persister)) {
      const group = this.#line.shift();
      if (group === undefined) return undefined;
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
    } else if (group.arrival === 0) group.arrival = ++this.#served;
    group.score = head.score;
    this.#line.push(group);
  }
}
