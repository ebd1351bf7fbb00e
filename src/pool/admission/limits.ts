/**
 * The limits of a running pool: which keys are open, what is parked at the others, and which parked task is next
 * in line.
 */

import type { EventFields, LimitKey, LimitNumbers } from '../../events/events.ts';
import { isBefore, OrderedLine } from '../../kit/ordered-line.ts';
import type { LimitRecords } from '../../machines/limit-records.ts';
import type { Turn } from '../turn/turn.ts';
import {
  type Bay,
  type Key,
  type KeyNotes,
  type KeysByName,
  type LimitedGroup,
  type LimitedTask,
  NONE,
} from './key.ts';
import { Limit } from './limit.ts';

/** Queues groups for slots. */
export interface Groups {
  admits(group: LimitedGroup): boolean;
  offer(group: LimitedGroup): void;
}

export class Limits {
  readonly #groups: Groups;
  readonly #turn: Turn;
  readonly #byName = new Map<string, Limit>();
  /** Keys that may have opened, to be checked one after the other. */
  #opened: Key[] = [];
  #isWaking = false;
  readonly #now = (): number => this.#turn.elapsed;

  constructor(groups: Groups, turn: Turn, records: LimitRecords) {
    this.#groups = groups;
    this.#turn = turn;
    for (const [name, { numbers }] of records) this.#byName.set(name, new Limit(name, numbers));
  }

  get(name: string): Limit | undefined {
    return this.#byName.get(name);
  }

  /** Records which keys a task needs until it ends; returns its notes, which tasks with the same key share. */
  claim(task: LimitedTask, keys: KeysByName): KeyNotes {
    let claimed = NONE;
    for (const name in keys) {
      const key = this.#byName.get(name)?.key(keys[name] as LimitKey);
      if (key === undefined) continue;
      key.uses++;
      claimed = claimed.length === 0 ? key.alone : [...claimed, key];
    }
    task.keys = claimed;
    const [first] = claimed;
    if (first === undefined || claimed.length > 1) return { keys };
    first.notes ??= { keys };
    return first.notes;
  }

  /** A task is about to start: if a rate counts it, its start needs a new clock reading. */
  prepare({ keys = NONE }: LimitedTask): void {
    for (const key of keys) if (key.limit.numbers.rate !== null) this.#turn.renew();
  }

  /** A task has started: its keys count it. */
  start(task: LimitedTask): void {
    const { keys = NONE, group } = task;
    if (keys.length === 0) return;
    task.holdsKeys = true;
    for (const key of keys) {
      key.running++;
      key.numUncalled++;
    }
    group.lanes?.serve(keys);
    for (const key of keys) if (key.line !== undefined) this.wake(key);
  }

  /** The function of a task was called, possibly a while after its start: rates count this time. */
  begun({ keys = NONE }: LimitedTask): void {
    for (const key of keys) if (key.numUncalled > 0) key.called(this.#now);
  }

  /** A task has released its slot: its keys no longer count it as running. */
  stop(task: LimitedTask): void {
    const { keys = NONE } = task;
    if (!task.holdsKeys) return;
    task.holdsKeys = false;
    for (const key of keys) {
      key.running--;
      this.wake(key);
    }
  }

  /** A task has ended and needs its keys no longer. */
  release({ keys = NONE }: LimitedTask): void {
    for (const key of keys) {
      if (--key.uses === 0) key.limit.release(key, this.#now);
      else key.limit.dropPast(this.#now);
    }
  }

  /** Changes the numbers of a limit, or adds one. */
  change({ limit: name, concurrent, rate }: EventFields['limit.changed']): void {
    const numbers: LimitNumbers = { concurrent, rate };
    const limit = this.#byName.get(name);
    if (limit === undefined) {
      this.#byName.set(name, new Limit(name, numbers));
      return;
    }
    limit.change(numbers, this.#turn.elapsed);
    for (const key of limit.keys.values()) this.#reopen(key);
    this.#turn.schedule();
  }

  /** Pauses a key for some milliseconds. */
  pause(name: string, value: LimitKey, ms: number): void {
    const limit = this.#byName.get(name) as Limit;
    const key = limit.key(value);
    key.pausedUntil = this.#turn.elapsed + ms;
    if (key.uses === 0) limit.release(key, this.#now);
    this.#reopen(key);
    this.#turn.schedule();
  }

  /** The first of the keys that is closed; `likely` is checked first. */
  closed(keys: readonly Key[], likely?: Key): Key | undefined {
    if (likely !== undefined && !this.isOpen(likely)) return likely;
    for (const key of keys) if (!this.isOpen(key)) return key;
    return undefined;
  }

  isOpen(key: Key): boolean {
    return !key.isFull && this.#isInTime(key);
  }

  /** Whether its rate allows another start now, and it is not paused. */
  #isInTime(key: Key): boolean {
    if (!key.isTimed) return true;
    const now = this.#turn.elapsed;
    return key.opensAt(now) <= now;
  }

  /**
   * Whether a task may start in place of one that is about to end, and no other task waits for their keys. Both
   * arguments may be the same task, standing for two tasks with the same keys.
   */
  passesOn({ keys = NONE, holdsKeys }: LimitedTask, next: LimitedTask): boolean {
    for (const { line } of keys) if (line !== undefined) return false;
    for (const key of next.keys ?? NONE) {
      const free = holdsKeys && keys.includes(key) ? 1 : 0;
      if (key.line !== undefined || !key.admits(free) || !this.#isInTime(key)) return false;
    }
    return true;
  }

  /**
   * The task that may start in place of one that is about to end and needs a single key: the first in line at that
   * key.
   */
  followerOf({ keys = NONE, holdsKeys, group }: LimitedTask): LimitedTask | undefined {
    const [key] = keys;
    if (key === undefined || keys.length > 1 || !holdsKeys) return undefined;
    if (key.delegate !== undefined || !key.isFull) return undefined;
    if (!key.admits(1) || !this.#isInTime(key)) return undefined;
    return group.lanes?.followerAt(key);
  }

  /** Queues a bay at its key. */
  park(bay: Bay): void {
    const key = bay.key as Key;
    key.line ??= new OrderedLine();
    bay.moveTo(key.line);
    this.#arm(key);
  }

  /** A key may be open for the next in line. */
  wake(key: Key): void {
    // A key is usually full again immediately: the next task with it has taken the place of the one that ended.
    if (key.line === undefined || key.isFull) return;
    this.#opened.push(key);
    if (this.#isWaking) return;
    this.#isWaking = true;
    for (let next = this.#opened.pop(); next !== undefined; next = this.#opened.pop()) {
      this.#wake(next);
    }
    this.#isWaking = false;
  }

  /**
   * The first group whose next task needs the key waits for a slot on behalf of all that wait at the key. If a group
   * with an earlier place arrives, it waits as well.
   */
  #wake(key: Key): void {
    for (;;) {
      const bay = key.line?.first;
      if (bay === undefined) {
        key.line = undefined;
        return;
      }
      if (key.delegate !== undefined && !isBefore(bay, key.delegate)) return;
      if (!this.isOpen(key)) {
        this.#arm(key);
        return;
      }
      const { group } = bay;
      group.lanes?.admit(bay);
      if (!this.#groups.admits(group)) continue;
      this.#groups.offer(group);
      const { head } = group;
      if (head?.keys?.includes(key) === true)
        key.delegate = { group, score: head.score, arrival: bay.turn };
    }
  }

  /** Wakes a key at the time at which it opens. */
  #arm(key: Key): void {
    if (key.timer !== undefined || key.isFull || !key.isTimed) return;
    const now = this.#turn.elapsed;
    const ms = key.opensAt(now) - now;
    if (ms <= 0 && key.delegate !== undefined) return;
    key.timer = this.#turn.after(Math.max(0, ms), () => {
      key.timer = undefined;
      this.wake(key);
      this.#turn.schedule();
    });
  }

  /** Checks a key again after its limit or pause has changed. */
  #reopen(key: Key): void {
    this.#turn.cancel(key.timer);
    key.timer = undefined;
    this.wake(key);
  }
}
