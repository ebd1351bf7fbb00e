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
  NONE,
  nextTurn,
} from './key.ts';

/** A task or a lane. */
type Keyed = Pick<LimitedTask, 'keys'>;

/** The operations of the pool's limits. */
interface Keys {
  /** The first of the keys that is closed; `likely` is checked first. */
  closed(keys: readonly Key[], likely?: Key): Key | undefined;
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
  /** Those of the keys that waiting tasks need: what is moved between keys finds its old place at each of them. */
  readonly #bays = new Map<Key, Bay>();
  /** The lanes that no key holds back. */
  readonly #free: Bay;
  readonly #lanes = new Map<Key | string, Lane>();
  /** The lane that the head came from, if any: it remains, even when empty, in case the head is parked again. */
  #lane: Lane | undefined = undefined;
  /** When the head began to wait, if it came from no lane. */
  #turn = 0;
  #isSettling = false;

  constructor(group: LimitedGroup, keys: Keys) {
    this.#group = group;
    this.#keys = keys;
    this.#free = new Bay(group, undefined, 0);
  }

  /** All tasks in the lanes, in no particular order. */
  *[Symbol.iterator](): Generator<LimitedTask> {
    for (const lane of this.#lanes.values()) yield* lane.tasks;
  }

  /** Queues a task. */
  enqueue(task: LimitedTask): void {
    const stop = this.#stopOf(task.keys ?? NONE, task.score);
    const isFirst = this.#group.head === undefined && this.#ready.first === undefined;
    if (stop === undefined && isFirst) {
      this.#group.head = task;
      this.#turn = nextTurn();
    } else this.#park(task, stop);
  }

  /** Removes a waiting task. */
  drop(task: LimitedTask): void {
    if (this.#group.head === task) {
      this.#group.head = undefined;
      this.#yield(task.keys);
    } else if (task.place !== -1) {
      const lane = this.#lanes.get(idOf(task)) as Lane;
      lane.tasks.remove(task);
      this.#leave(lane);
    }
  }

  /** Makes the first task that no key holds back the head of the group. */
  settle(): void {
    const { head } = this.#group;
    if (this.#isSettling || (head === undefined && this.#ready.length === 0)) return;
    this.#isSettling = true;
    const stop = head && this.#keys.closed(head.keys ?? NONE);
    if (head === undefined || stop !== undefined || !this.#comesFirst(head)) {
      if (head !== undefined) this.#parkHead(head, stop);
      const next = this.#pick();
      // Before the next head is set, since the group must not join the line in the meantime.
      if (head !== undefined && head !== next) this.#retract(head.keys);
      this.#group.head = next;
    }
    this.#isSettling = false;
  }

  serve(keys: readonly Key[]): void {
    if (this.#bays.size > 0) for (const key of keys) this.#bays.get(key)?.serve();
    this.#yield(keys);
  }

  /** The group itself may start no tasks now. */
  standAside(): void {
    this.#retract(this.#group.head?.keys);
  }

  /** Keeps the turns of the group at the keys of a task or lane, while it is moved. */
  hold(keyed: Keyed): void {
    const turn = keyed === this.#group.head ? this.#turn : nextTurn();
    for (const key of keyed.keys ?? NONE) this.#bayAt(key, turn).numNeeding++;
  }

  unhold({ keys = NONE }: Keyed): void {
    for (const key of keys) {
      const bay = this.#bays.get(key) as Bay;
      if (--bay.numNeeding === 0) this.#bays.delete(key);
    }
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

  /** The group has lost its head, with these keys. */
  #yield(keys: readonly Key[] | undefined): void {
    this.#leaveLane();
    this.#retract(keys);
  }

  /** The head waits in a lane again, at its old places. */
  #parkHead(head: LimitedTask, stop: Key | undefined): void {
    this.hold(head);
    this.#group.head = undefined;
    this.#leaveLane();
    this.#park(head, stop);
    this.unhold(head);
  }

  #leaveLane(): void {
    const lane = this.#lane;
    this.#lane = undefined;
    if (lane?.tasks.length === 0) this.#close(lane);
  }

  /** A task with these keys is no longer next: another group waits for a slot on their behalf. */
  #retract(keys: readonly Key[] = NONE): void {
    for (const key of keys) {
      if (key.delegate?.group !== this.#group) continue;
      key.delegate = undefined;
      this.#keys.wake(key);
    }
  }

  /** The key at which such a task must wait: it is closed, or other groups come first there. */
  #stopOf(keys: readonly Key[], score: number, likely?: Key): Key | undefined {
    const closed = this.#keys.closed(keys, likely);
    if (closed !== undefined) return closed;
    for (const key of keys) if (this.#isBehind(key, score)) return key;
    return undefined;
  }

  #isBehind(key: Key, score: number): boolean {
    const { delegate, line } = key;
    const next = delegate ?? line?.first;
    if (next === undefined || delegate?.group === this.#group) return false;
    const arrival = this.#bays.get(key)?.turn ?? Number.POSITIVE_INFINITY;
    return !isBefore({ score, arrival }, next);
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
      const stop = this.#stopOf(lane.keys, lane.score, bay.key);
      if (stop === undefined) return this.#take(lane);
      if (stop === bay.key) this.#keys.park(bay);
      else this.#move(lane, stop);
    }
  }

  #take(lane: Lane): LimitedTask {
    const task = lane.tasks.shift() as LimitedTask;
    this.#lane = lane;
    this.#leave(lane);
    return task;
  }

  /** Updates a lane after a task has left it. */
  #leave(lane: Lane): void {
    this.length--;
    if (lane.tasks.length > 0) lane.bay.renew(lane);
    else {
      lane.bay.remove(lane);
      if (lane !== this.#lane) this.#close(lane);
    }
  }

  #close(lane: Lane): void {
    this.#lanes.delete(idOf(lane));
    this.unhold(lane);
  }

  /** Adds a task to its lane; an empty lane goes to the bay of the key that holds the task back. */
  #park(task: LimitedTask, stop: Key | undefined): void {
    const lane = this.#laneOf(task);
    const { first } = lane.tasks;
    this.length++;
    lane.tasks.push(task);
    if (first === undefined) this.#enter(lane, stop);
    else if (lane.tasks.first === task) {
      lane.bay.renew(lane);
      this.#wakeKeyOf(lane.bay);
    }
  }

  #laneOf(task: LimitedTask): Lane {
    const id = idOf(task);
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      lane = new Lane(task.keys ?? NONE);
      this.#lanes.set(id, lane);
      this.hold(lane);
    }
    return lane;
  }

  /** Moves a lane to the bay of the key that holds it back now. */
  #move(lane: Lane, stop: Key): void {
    lane.bay.remove(lane);
    this.#enter(lane, stop);
  }

  #enter(lane: Lane, key: Key | undefined): void {
    const bay = key === undefined ? this.#free : (this.#bays.get(key) as Bay);
    bay.add(lane);
    if (bay.line !== undefined) this.#wakeKeyOf(bay);
    else if (key !== undefined) this.#keys.park(bay);
    else bay.moveTo(this.#ready);
  }

  /** A bay at an open key may now come before the group that waits for a slot on its behalf. */
  #wakeKeyOf({ key, line }: Bay): void {
    if (key !== undefined && line !== this.#ready) this.#keys.wake(key);
  }

  #bayAt(key: Key, turn: number): Bay {
    let bay = this.#bays.get(key);
    if (bay === undefined) {
      bay = new Bay(this.#group, key, turn);
      this.#bays.set(key, bay);
    }
    return bay;
  }
}

/** Identifies the set of keys of a task or lane. */
function idOf({ keys = NONE }: Keyed): Key | string {
  const [only] = keys;
  return keys.length === 1 ? (only as Key) : keys.map(({ id }) => id).join();
}
