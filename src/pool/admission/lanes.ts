/**
 * The tasks of one group that need keys of limits. The head of the group is the first task that no key holds back.
 * The others wait in lanes, one for each set of keys, and a lane is parked at the key that blocks it. So after a
 * change only the first tasks of a few lanes are checked, never all waiting tasks.
 */

import { isBefore, OrderedLine } from '../../kit/ordered-line.ts';
import {
  Bay,
  type Key,
  type KeyQueue,
  Lane,
  type LimitedGroup,
  type LimitedTask,
  type Place,
} from './limit.ts';

const NONE: readonly Key[] = [];

/** The operations of the pool's limits. */
interface Keys {
  /** The first of the keys that is closed; `likely` is checked first. */
  closed(keys: readonly Key[], likely?: Key): Key | undefined;
  /** The key at which a new task must wait: it is closed, or other tasks come first there. */
  stopOf(task: LimitedTask): Key | undefined;
  /** Queues a bay at its key. */
  park(bay: Bay): void;
  /** A key may be open for the next in line. */
  wake(key: Key): void;
}

export class Lanes implements KeyQueue {
  /** How many tasks are in all lanes: the waiting tasks of the group except its head. */
  length = 0;
  readonly #group: LimitedGroup;
  readonly #keys: Keys;
  /** The bays that only wait for their group: their keys were open when last checked. */
  readonly #ready = new OrderedLine<Bay>();
  readonly #bays = new Map<Key | undefined, Bay>();
  readonly #lanes = new Map<Key | string, Lane>();
  /** The open keys for whose waiting tasks the group waits for a slot. */
  readonly #delegated = new Set<Key>();
  #isSettling = false;

  constructor(group: LimitedGroup, keys: Keys) {
    this.#group = group;
    this.#keys = keys;
  }

  /** All tasks in the lanes, in no particular order. */
  *[Symbol.iterator](): Generator<LimitedTask> {
    for (const lane of this.#lanes.values()) yield* lane.tasks;
  }

  /** Queues a task. */
  enqueue(task: LimitedTask): void {
    const stop = this.#keys.stopOf(task);
    const isFirst = this.#group.head === undefined && this.#ready.first === undefined;
    if (stop === undefined && isFirst) this.#group.head = task;
    else this.#park(task, stop);
  }

  /** Removes a waiting task. */
  drop(task: LimitedTask): void {
    if (this.#group.head === task) this.#group.head = undefined;
    else if (task.place !== -1) {
      const lane = this.#lanes.get(idOf(task)) as Lane;
      lane.tasks.remove(task);
      this.#leave(lane);
    }
    this.retract(task.keys ?? NONE);
  }

  /** Makes the first task that no key holds back the head of the group. */
  settle(): void {
    const { head } = this.#group;
    if (this.#isSettling || (head === undefined && this.#ready.length === 0)) return;
    this.#isSettling = true;
    const stop = head && this.#keys.closed(head.keys ?? NONE);
    if (head === undefined || stop !== undefined || !this.#comesFirst(head)) {
      this.#group.head = undefined;
      if (head !== undefined) this.#park(head, stop);
      if (head !== undefined && stop !== undefined) this.retract(head.keys ?? NONE);
      this.#group.head = this.#pick();
    }
    this.#isSettling = false;
  }

  /** The group now waits for a slot on behalf of all that wait at the key. */
  represent(key: Key, { score, arrival }: Place): void {
    key.delegate = { score, arrival };
    this.#delegated.add(key);
  }

  /** Gives up waiting on behalf of some keys, so that another group takes over. */
  retract(keys: Iterable<Key>): void {
    if (this.#delegated.size === 0) return;
    for (const key of keys) {
      if (!this.#delegated.delete(key)) continue;
      key.delegate = undefined;
      this.#keys.wake(key);
    }
  }

  /** The group itself may start no tasks now. */
  standAside(): void {
    this.retract([...this.#delegated]);
  }

  /** A key releases its bay, which then only waits for its group. */
  admit(bay: Bay): void {
    bay.moveTo(this.#ready);
  }

  /** The key at which a task waits; undefined if it only waits for its group. */
  stopOf(task: LimitedTask): Key | undefined {
    if (task.place === -1) return undefined;
    const bay = this.#lanes.get(idOf(task))?.bay;
    return bay?.line === this.#ready ? undefined : bay?.key;
  }

  followerAt(key: Key): LimitedTask | undefined {
    const lane = this.#lanes.get(key);
    if (lane === undefined || this.#ready.length > 0) return undefined;
    const { bay } = lane;
    if (bay.line === undefined || bay.line !== key.line) return undefined;
    return key.line.first === bay && bay.lanes.first === lane ? lane.tasks.first : undefined;
  }

  #comesFirst(task: LimitedTask): boolean {
    const { first } = this.#ready;
    return first === undefined || isBefore(task, first);
  }

  #pick(): LimitedTask | undefined {
    for (;;) {
      const bay = this.#ready.first;
      if (bay === undefined) return undefined;
      const lane = bay.lanes.first as Lane;
      const stop = this.#keys.closed(lane.keys, bay.key);
      if (stop === undefined) return this.#take(lane);
      if (stop === bay.key) this.#keys.park(bay);
      else this.#move(lane, stop);
      this.retract(lane.keys);
    }
  }

  #take(lane: Lane): LimitedTask {
    const task = lane.tasks.shift() as LimitedTask;
    this.#leave(lane);
    return task;
  }

  /** Updates a lane after a task has left it. */
  #leave(lane: Lane): void {
    this.length--;
    const { bay } = lane;
    const { first } = lane.tasks;
    if (first !== undefined) bay.renew(lane);
    else {
      bay.remove(lane);
      this.#lanes.delete(idOfKeys(lane.keys));
      this.#closeIfEmpty(bay);
    }
  }

  /** Adds a task to its lane; a new lane goes to the bay of the key that holds the task back. */
  #park(task: LimitedTask, stop: Key | undefined): void {
    const { keys = NONE } = task;
    const id = idOf(task);
    const lane = this.#lanes.get(id);
    this.length++;
    if (lane === undefined) {
      const made = new Lane(keys);
      made.tasks.push(task);
      this.#lanes.set(id, made);
      this.#enter(made, stop);
    } else {
      const { first } = lane.tasks;
      lane.tasks.push(task);
      if (lane.tasks.first === first) return;
      lane.bay.renew(lane);
      this.#wakeKeyOf(lane.bay);
    }
  }

  /** Moves a lane to the bay of the key that holds it back now. */
  #move(lane: Lane, stop: Key): void {
    const { bay } = lane;
    bay.remove(lane);
    this.#closeIfEmpty(bay);
    this.#enter(lane, stop);
  }

  #enter(lane: Lane, key: Key | undefined): void {
    let bay = this.#bays.get(key);
    if (bay === undefined) {
      bay = new Bay(this.#group, key);
      this.#bays.set(key, bay);
    }
    bay.add(lane);
    if (bay.line !== undefined) this.#wakeKeyOf(bay);
    else if (key !== undefined) this.#keys.park(bay);
    else bay.moveTo(this.#ready);
  }

  /** A bay at an open key may now come before the group that waits for a slot on its behalf. */
  #wakeKeyOf({ key, line }: Bay): void {
    if (key !== undefined && line !== this.#ready) this.#keys.wake(key);
  }

  #closeIfEmpty(bay: Bay): void {
    if (bay.lanes.length > 0) return;
    bay.leave();
    this.#bays.delete(bay.key);
  }
}

function idOf({ keys = NONE }: LimitedTask): Key | string {
  return idOfKeys(keys);
}

/** Identifies a set of keys. */
function idOfKeys(keys: readonly Key[]): Key | string {
  const [only] = keys;
  return keys.length === 1 ? (only as Key) : keys.map(({ id }) => id).join();
}
