/** The keys of limits, and the tasks that wait for them: in lanes and bays. */

import type { QueuedTask } from '../../events/event-columns.ts';
import type { LimitKey, LimitNumbers } from '../../events/events.ts';
import type { Linked } from '../../kit/linked-list.ts';
import { type LineEntry, OrderedLine } from '../../kit/ordered-line.ts';
import { RecentTimes } from '../../kit/recent-times.ts';
import { countedBy, opensAt } from '../../machines/rate.ts';
import type { Timer } from '../turn/timers.ts';
import { move, Waiting } from './waiting.ts';

/** The keys of a task by the names of limits. */
export type KeysByName = Readonly<Record<string, LimitKey>>;

/** The notes of a task that needs keys. */
export interface KeyNotes {
  readonly keys: KeysByName;
}

/** The keys of a task that needs none. */
export const NONE: readonly Key[] = [];

/** The part of a task that limits use. */
export interface LimitedTask extends LineEntry<LimitedTask> {
  /** The keys that it needs; undefined if its group has no limits. */
  keys: readonly Key[] | undefined;
  /** Whether its keys count it as running. */
  holdsKeys: boolean;
  readonly group: LimitedGroup;
}

/** The part of a group that limits use. */
export interface LimitedGroup {
  /** The task that starts next. */
  head: LimitedTask | undefined;
  /** Its other waiting tasks; undefined if it has no limits. */
  readonly lanes: KeyQueue | undefined;
}

/** The operations that keys need of the waiting tasks of a group. */
export interface KeyQueue {
  /** The key of a bay releases it: it only waits for its group then. */
  admit(bay: Bay): void;
  /** The first task that waits at a key, if it needs no other key and no task of the group is ready. */
  followerAt(key: Key): LimitedTask | undefined;
  /** A task of the group has started: at its keys, the other groups are next. */
  serve(keys: readonly Key[]): void;
}

/** A group whose head waits for a slot on behalf of all that wait at a key, and the place of its bay there. */
export interface Delegate extends Pick<LineEntry<unknown>, 'score' | 'arrival'> {
  readonly group: LimitedGroup;
}

/** The limit of a key. */
interface Owner {
  readonly name: string;
  readonly numbers: LimitNumbers;
  /** A key has become unused. */
  release(key: Key, now: () => number): void;
  /** Drops unused keys that are no longer needed. */
  dropPast(now: () => number): void;
}

/** The number of keys of all limits so far, for unique ids. */
let numKeys = 0;

export class Key implements Linked<Key> {
  readonly id = numKeys++;
  readonly limit: Owner;
  readonly value: LimitKey;
  /** How many tasks with this key wait or run. */
  uses = 0;
  /** How many of them run. */
  running = 0;
  /** When the functions of tasks with this key were called, by the monotonic clock, if there is a rate. */
  starts: RecentTimes | undefined = undefined;
  /** How many tasks have started whose function was not called yet. */
  numUncalled = 0;
  pausedUntil: number | undefined = undefined;
  /** The bays of the groups that have tasks waiting here. */
  line: OrderedLine<Bay> | undefined = undefined;
  delegate: Delegate | undefined = undefined;
  /** Armed for the time at which the key opens, while tasks wait here. */
  timer: Timer | undefined = undefined;
  /** Its neighbours among the unused keys. */
  previous: Key | undefined = undefined;
  next: Key | undefined = undefined;
  /** The keys of a task that needs only this one: one array shared by all such tasks. */
  readonly alone: readonly Key[] = [this];
  /** The notes of such tasks, shared; created by the first of them. */
  notes: KeyNotes | undefined = undefined;
  #queued: QueuedTask | undefined = undefined;

  constructor(limit: Owner, value: LimitKey) {
    this.limit = limit;
    this.value = value;
  }

  /** The detail of `task.queued` for a task that needs only this key: one object shared by the tasks of a group. */
  queuedIn(name: string, keys: KeysByName): QueuedTask {
    if (this.#queued?.name !== name || this.#queued.keys !== keys) this.#queued = { name, keys };
    return this.#queued;
  }

  /** Whether no more tasks with this key may run at once. */
  get isFull(): boolean {
    return !this.admits(0);
  }

  /** Whether another task with this key may run once this many running ones have ended. */
  admits(numEnding: number): boolean {
    const { concurrent } = this.limit.numbers;
    return concurrent === null || this.running - numEnding < concurrent;
  }

  /** The time from which another task may start, by rate and pause only; later than `now` if it is closed. */
  opensAt(now: number): number {
    const { rate } = this.limit.numbers;
    const { starts, numUncalled, pausedUntil = Number.NEGATIVE_INFINITY } = this;
    if (rate === null) return pausedUntil;
    // Functions of started tasks that were not called yet will be called now or later.
    return Math.max(pausedUntil, opensAt(rate, now, starts, numUncalled));
  }

  /** Whether time can close it: it is paused, or as many tasks have started as its rate allows. */
  get isTimed(): boolean {
    const { rate } = this.limit.numbers;
    if (this.pausedUntil !== undefined) return true;
    return rate !== null && this.numUncalled + (this.starts?.length ?? 0) >= countedBy(rate);
  }

  /** The function of a started task was called: from now on, a rate counts it by this time. */
  called(now: () => number): void {
    this.numUncalled--;
    const { rate } = this.limit.numbers;
    if (rate === null) return;
    this.starts ??= new RecentTimes();
    const at = now();
    this.starts.add(at, at - rate.per);
  }

  /** Whether an unused key is still needed: it is paused, or its rate counts a start. */
  isRemembered(now: number): boolean {
    const { rate } = this.limit.numbers;
    if (this.pausedUntil !== undefined && this.pausedUntil > now) return true;
    const last = this.starts?.fromEnd(1);
    return rate !== null && last !== undefined && last + rate.per > now;
  }
}

let numTurns = 0;

/** A place behind all others at keys. */
export function nextTurn(): number {
  return numTurns++;
}

/** The tasks of a group that need the same keys: only the first of them matters. */
export class Lane extends Waiting<Lane> {
  readonly keys: readonly Key[];
  readonly tasks = new OrderedLine<LimitedTask>();
  /** The key at which it waits; itself one of its keys. */
  bay!: Bay;

  constructor(keys: readonly Key[]) {
    super();
    this.keys = keys;
  }
}

/** The lanes of a group that one key holds back; without a key, the lanes that no key holds back. */
export class Bay extends Waiting<Bay> {
  readonly group: LimitedGroup;
  readonly key: Key | undefined;
  readonly lanes = new OrderedLine<Lane>();
  /** How many lanes of the group need the key, wherever they wait, and how often it is held. */
  numNeeding = 0;
  /** When the group was last served at the key, or else began to wait for it. */
  turn: number;
  /** The line it is in: that of its key or that of its group. */
  line: OrderedLine<Bay> | undefined = undefined;

  constructor(group: LimitedGroup, key: Key | undefined, turn: number) {
    super();
    this.group = group;
    this.key = key;
    this.turn = turn;
  }

  add(lane: Lane): void {
    const { score, arrival } = lane.tasks.first as LimitedTask;
    lane.bay = this;
    lane.standAt(score, arrival);
    this.lanes.push(lane);
    this.#settle();
  }

  /** The first task of one of its lanes has changed. */
  renew(lane: Lane): void {
    const { score, arrival } = lane.tasks.first as LimitedTask;
    move(lane, this.lanes, score, arrival);
    this.#settle();
  }

  remove(lane: Lane): void {
    this.lanes.remove(lane);
    if (this.lanes.length === 0) this.#leave();
    else this.#settle();
  }

  /** The group was served at the key: the other groups there are next. */
  serve(): void {
    this.turn = nextTurn();
    this.#settle();
  }

  /** Moves to another line, that of its key or that of its group. */
  moveTo(line: OrderedLine<Bay>): void {
    const { score } = this.lanes.first as Lane;
    this.#leave();
    this.line = line;
    this.standAt(score, this.#arrival);
    line.push(this);
  }

  #leave(): void {
    this.line?.remove(this);
    this.line = undefined;
  }

  /** That of its first task; at its key, groups with equal scores take turns. */
  get #arrival(): number {
    return this.line === this.key?.line ? this.turn : (this.lanes.first as Lane).arrival;
  }

  /** Updates its place after its first lane or its turn may have changed. */
  #settle(): void {
    const { line } = this;
    if (line === undefined) return;
    move(this as Bay, line, (this.lanes.first as Lane).score, this.#arrival);
  }
}
