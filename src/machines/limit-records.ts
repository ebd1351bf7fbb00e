/** The state of a pool's limits according to its events: their numbers, and what their rates still count. */

import type { EventFields, LimitKey, LimitNumbers } from '../events/events.ts';
import { Chain, type Linked } from '../kit/linked-list.ts';
import { RecentTimes } from '../kit/recent-times.ts';
import { overAt } from './rate.ts';

/** A key of a limit, for as long as its starts or pause matter. */
export class KeyRecord implements Linked<KeyRecord> {
  readonly key: LimitKey;
  /** The starts of tasks with this key that the rate counts: milliseconds since the epoch. */
  readonly starts = new RecentTimes();
  /** Until when it is paused; 0 if it is not. */
  pausedUntil = 0;
  previous: KeyRecord | undefined = undefined;
  next: KeyRecord | undefined = undefined;

  constructor(key: LimitKey) {
    this.key = key;
  }
}

/** One limit. */
export class LimitRecord {
  numbers: LimitNumbers;
  readonly #byKey = new Map<LimitKey, KeyRecord>();
  /**
   * In the order of their last change. The Map has an order, too, but to find its first key it skips all that were
   * deleted before.
   */
  readonly #order = new Chain<KeyRecord>();

  constructor(numbers: LimitNumbers) {
    this.numbers = numbers;
  }

  /** The keys, in the order of their last change. */
  get keys(): readonly KeyRecord[] {
    return this.#order.toArray();
  }

  get(key: LimitKey): KeyRecord | undefined {
    return this.#byKey.get(key);
  }

  /** New numbers keep the starts that the previous ones counted. */
  change(numbers: LimitNumbers, at: number): void {
    const over = overAt(this.numbers.rate, at);
    for (const record of this.keys) {
      record.starts.drop(over);
      if (record.starts.length === 0 && record.pausedUntil <= at) this.#drop(record);
    }
    this.numbers = numbers;
  }

  /** A task with a key has started. */
  start(key: LimitKey, at: number): void {
    const { rate } = this.numbers;
    if (rate === null) return;
    this.#renew(key).starts.add(at, at - rate.per);
    this.#dropPast(at);
  }

  /** @param at the time of the event. */
  pause(key: LimitKey, until: number, at: number): void {
    this.#renew(key).pausedUntil = until;
    this.#dropPast(at);
  }

  #renew(key: LimitKey): KeyRecord {
    let record = this.#byKey.get(key);
    // As with a limit that has a single key.
    if (record !== undefined && record === this.#order.last) return record;
    if (record === undefined) {
      record = new KeyRecord(key);
      this.#byKey.set(key, record);
    } else this.#order.remove(record);
    this.#order.push(record);
    return record;
  }

  /** Drops the oldest keys that are no longer needed. */
  #dropPast(now: number): void {
    const over = now - (this.numbers.rate?.per ?? 0);
    while (true) {
      const { first } = this.#order;
      if (first === undefined) return;
      if (first.pausedUntil > now || (first.starts.fromEnd(1) ?? over) > over) return;
      this.#drop(first);
    }
  }

  #drop(record: KeyRecord): void {
    this.#order.remove(record);
    this.#byKey.delete(record.key);
  }
}

/** All limits of a pool, by name. */
export class LimitRecords {
  readonly #byName = new Map<string, LimitRecord>();
  /** Cached, since each submission reads it. */
  #names: readonly string[] | undefined = undefined;

  constructor(limits: Readonly<Record<string, LimitNumbers>>) {
    for (const [name, numbers] of Object.entries(limits)) {
      this.#byName.set(name, new LimitRecord(numbers));
    }
  }

  [Symbol.iterator](): IterableIterator<[string, LimitRecord]> {
    return this.#byName.entries();
  }

  get names(): readonly string[] {
    this.#names ??= [...this.#byName.keys()];
    return this.#names;
  }

  get(name: string): LimitRecord | undefined {
    return this.#byName.get(name);
  }

  /** A task with these keys has started. */
  start(keys: Readonly<Record<string, LimitKey>>, at: number): void {
    for (const name in keys) this.#byName.get(name)?.start(keys[name] as LimitKey, at);
  }

  /** Changes the numbers of a limit, or adds one. */
  change({ limit, concurrent, rate }: EventFields['limit.changed'], at: number): void {
    const record = this.#byName.get(limit);
    if (record === undefined) {
      this.#byName.set(limit, new LimitRecord({ concurrent, rate }));
      this.#names = undefined;
    } else record.change({ concurrent, rate }, at);
  }

  /** @param at the time of the event. */
  pause({ limit, key, until }: EventFields['limit.paused'], at: number): void {
    this.#byName.get(limit)?.pause(key, until, at);
  }
}
