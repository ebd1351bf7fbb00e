/** A named limit of a running pool: the count of each key, and what is parked there. */

import type { QueuedTask } from '../../events/event-columns.ts';
import type { LimitKey, LimitNumbers, RateNumbers } from '../../events/events.ts';
import { Chain, type Linked } from '../../kit/linked-list.ts';
import { type LineEntry, OrderedLine } from '../../kit/ordered-line.ts';
import { RecentTimes } from '../../kit/recent-times.ts';
import { intervalOf, opensAt, overAt } from '../../machines/rate.ts';
import type { Timer } from '../turn/timers.ts';

/** Where a task stands among others. */
export type Place = Pick<LineEntry<unknown>, 'score' | 'arrival'>;

/** The keys of a task by the names of limits. */
export type KeysByName = Readonly<Record<string, LimitKey>>;

/** What is noted of a task that needs keys. */
export interface KeyNotes {
  readonly keys: KeysByName;
}

/** What limits have to do with a task. */
export interface LimitedTask extends LineEntry<LimitedTask> {
  /** The keys that it needs; undefined if its group has no limits. */
  keys: readonly Key[] | undefined;
  /** Whether its keys count it as running. */
  holdsKeys: boolean;
  readonly group: LimitedGroup;
}

/** What limits have to do with a group. */
export interface LimitedGroup {
  /** The task that starts next. */
  head: LimitedTask | undefined;
  /** Its other tasks that wait; undefined if it has no limits. */
  readonly lanes: KeyQueue | undefined;
}

/** What keys ask of the tasks of a group that wait. */
export interface KeyQueue {
  /** The key of a bay lets it go: it waits for its group alone. */
  admit(bay: Bay): void;
  /** The group waits for a slot on behalf of those that wait at a key. */
  represent(key: Key, place: Place): void;
  /** The first of all that wait at a key, if it needs no other one and nothing of the group is ready. */
  followerAt(key: Key): LimitedTask | undefined;
  /** Queues others for a slot on behalf of those at some keys. */
  retract(keys: Iterable<Key>): void;
}

/** How many keys are dropped in one step. */
const MOST_DROPPED = 256;

/** Tells keys apart, of whichever limit. */
let numKeys = 0;

export class Limit {
  readonly name: string;
  numbers: LimitNumbers;
  /** The keys that are in use, or of which a start still counts. */
  readonly keys = new Map<LimitKey, Key>();
  /** Those that no one uses, in the order in which they may be dropped. */
  readonly #unused = new Chain<Key>();

  constructor(name: string, numbers: LimitNumbers) {
    this.name = name;
    this.numbers = numbers;
  }

  key(value: LimitKey): Key {
    const present = this.keys.get(value);
    if (present !== undefined) return present;
    const key = new Key(this, value);
    this.keys.set(value, key);
    return key;
  }

  /** Other numbers count what those before have counted. */
  change(numbers: LimitNumbers, now: number): void {
    const over = overAt(this.numbers.rate, now);
    for (const { starts } of this.keys.values()) starts?.drop(over);
    this.numbers = numbers;
  }

  /** No one uses a key any more: it is dropped, now or once nothing about it matters. */
  release(key: Key, now: () => number): void {
    if (this.#unused.has(key)) this.#unused.remove(key);
    if (this.numbers.rate === null && key.pausedUntil === undefined) this.keys.delete(key.value);
    else this.#unused.push(key);
    this.dropPast(now);
  }

  /** Drops those that no one uses and whose time has come. */
  dropPast(now: () => number): void {
    let remembered = 0;
    for (let left = MOST_DROPPED; left > 0 && remembered < 2; left--) {
      const key = this.#unused.shift();
      if (key === undefined) return;
      if (key.uses > 0) continue;
      if (key.isRemembered(now())) {
        // One that is paused for long keeps no others.
        this.#unused.push(key);
        remembered++;
      } else this.keys.delete(key.value);
    }
  }
}

export class Key implements Linked<Key> {
  readonly id = numKeys++;
  readonly limit: Limit;
  readonly value: LimitKey;
  /** How many tasks with it wait or run. */
  uses = 0;
  /** How many of them run. */
  running = 0;
  /** When tasks with it have started, by the monotonic clock, as far as the rate counts it. */
  starts: RecentTimes | undefined = undefined;
  /** How many of these have not called their functions yet. */
  numUncalled = 0;
  pausedUntil: number | undefined = undefined;
  /** The groups of which tasks wait here. */
  line: OrderedLine<Bay> | undefined = undefined;
  /** The place of the one that waits for a slot on behalf of those that wait here. */
  delegate: Place | undefined = undefined;
  /** Armed for the time at which it opens, while someone waits here. */
  timer: Timer | undefined = undefined;
  /** Its neighbours among those that no one uses. */
  previous: Key | undefined = undefined;
  next: Key | undefined = undefined;
  /** The keys of a task that needs this one alone: one array for all of them, as the journal holds many. */
  readonly alone: readonly Key[] = [this];
  /** What is noted of such a task; there once one has said so. */
  notes: KeyNotes | undefined = undefined;
  #queued: QueuedTask | undefined = undefined;

  constructor(limit: Limit, value: LimitKey) {
    this.limit = limit;
    this.value = value;
  }

  /** What is said when a task of a group is queued that needs it alone: one object for those of one group. */
  queuedIn(name: string, keys: KeysByName): QueuedTask {
    if (this.#queued?.name !== name || this.#queued.keys !== keys) this.#queued = { name, keys };
    return this.#queued;
  }

  /** Whether no more tasks with it may run at once. */
  get isFull(): boolean {
    return !this.admits(0);
  }

  /** Whether another task with it may run at once, when so many that run have ended. */
  admits(numEnding: number): boolean {
    const { concurrent } = this.limit.numbers;
    return concurrent === null || this.running - numEnding < concurrent;
  }

  /** The time from which on another task may start, as far as times go; after `now` if it is closed. */
  opensAt(now: number): number {
    const { rate } = this.limit.numbers;
    const { starts, pausedUntil = Number.NEGATIVE_INFINITY } = this;
    if (rate === null || starts === undefined) return pausedUntil;
    // What has started and was not called yet is called now, or later.
    if (this.numUncalled >= countedBy(rate)) return Math.max(pausedUntil, now + intervalOf(rate));
    return Math.max(pausedUntil, opensAt(rate, starts));
  }

  /** Whether its opening is a matter of time: not before so many have started as its rate allows. */
  get isTimed(): boolean {
    const { rate } = this.limit.numbers;
    if (this.pausedUntil !== undefined) return true;
    if (rate === null || this.starts === undefined) return false;
    return Math.max(this.starts.length, this.numUncalled) >= countedBy(rate);
  }

  /** A task with it has started, which its rate counts. */
  start(now: number): void {
    const { rate } = this.limit.numbers;
    this.starts ??= new RecentTimes();
    this.starts.add(now, now - (rate?.per ?? 0));
    this.numUncalled++;
  }

  /** The function of one that has started was called. */
  call(now: number): void {
    this.starts?.replace(this.numUncalled--, now);
  }

  /** Whether something about it matters although no one uses it. */
  isRemembered(now: number): boolean {
    const { rate } = this.limit.numbers;
    if (this.pausedUntil !== undefined && this.pausedUntil > now) return true;
    const last = this.starts?.fromEnd(1);
    return rate !== null && last !== undefined && last + rate.per > now;
  }
}

/** How many starts keep the next one back. */
function countedBy({ spread, max }: RateNumbers): number {
  return spread === true ? 1 : max;
}

/** Something that stands where its first task would. */
abstract class Waiting<E extends Waiting<E>> implements LineEntry<E> {
  score = 0;
  arrival = 0;
  place = -1;
  previous: E | undefined = undefined;
  next: E | undefined = undefined;

  /** Takes the place of a task. */
  standFor({ score, arrival }: Place): void {
    this.score = score;
    this.arrival = arrival;
  }
}

/** Takes the place of another task, in the line in which it stands. */
function move<E extends Waiting<E>>(entry: E, line: OrderedLine<E> | undefined, to: Place): void {
  // Alone it stands where it should, as it does at most keys.
  const shared = line !== undefined && line.length > 1 ? line : undefined;
  shared?.remove(entry);
  entry.standFor(to);
  shared?.push(entry);
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

/** The lanes of a group that one key holds back. Without a key: those that nothing holds back. */
export class Bay extends Waiting<Bay> {
  readonly group: LimitedGroup;
  readonly key: Key | undefined;
  readonly lanes = new OrderedLine<Lane>();
  /** The line that it stands in: that of its key, or that of its group. */
  line: OrderedLine<Bay> | undefined = undefined;

  constructor(group: LimitedGroup, key: Key | undefined) {
    super();
    this.group = group;
    this.key = key;
  }

  add(lane: Lane): void {
    lane.bay = this;
    lane.standFor(lane.tasks.first as LimitedTask);
    this.lanes.push(lane);
    this.#settle();
  }

  /** The first task of a lane that it has is another one now. */
  renew(lane: Lane): void {
    move(lane, this.lanes, lane.tasks.first as LimitedTask);
    this.#settle();
  }

  remove(lane: Lane): void {
    this.lanes.remove(lane);
    this.#settle();
  }

  /** Moves to another line, that of its key or that of its group. */
  moveTo(line: OrderedLine<Bay>): void {
    this.line?.remove(this);
    this.line = line;
    line.push(this);
  }

  /** Leaves the line that it stands in. */
  leave(): void {
    this.line?.remove(this);
    this.line = undefined;
  }

  /** Its first lane may be another one now. */
  #settle(): void {
    const { first } = this.lanes;
    if (first === undefined || (first.score === this.score && first.arrival === this.arrival))
      return;
    move(this as Bay, this.line, first);
  }
}
