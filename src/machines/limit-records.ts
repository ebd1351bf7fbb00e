/** What events have said of the limits of a pool: their numbers, and what their rates have to count. */

import type { EventFields, LimitKey, LimitNumbers } from '../events.ts';
import { RecentTimes } from '../kit/recent-times.ts';

/** A key of a limit, as long as something about it matters later. */
export interface KeyRecord {
  /** When the tasks with this key have started that the rate counts: milliseconds since the epoch. */
  readonly starts: RecentTimes;
  /** Until when it is paused; 0 if it is not. */
  pausedUntil: number;
}

/** One limit. */
export class LimitRecord {
  numbers: LimitNumbers;
  /** In the order in which something happened to them. */
  readonly keys = new Map<LimitKey, KeyRecord>();

  constructor(numbers: LimitNumbers) {
    this.numbers = numbers;
  }

  /** A task with a key has started. */
  start(key: LimitKey, at: number): void {
    const { rate } = this.numbers;
    if (rate === null) return;
    this.#renew(key).starts.add(at, at - rate.per);
    this.#dropPast(at - rate.per, at);
  }

  pause(key: LimitKey, until: number): void {
    this.#renew(key).pausedUntil = until;
  }

  #renew(key: LimitKey): KeyRecord {
    const record = this.keys.get(key) ?? { starts: new RecentTimes(), pausedUntil: 0 };
    // The one that something happened to last is the last one in the map.
    this.keys.delete(key);
    this.keys.set(key, record);
    return record;
  }

  /** Drops the oldest keys as far as nothing about them matters any more. */
  #dropPast(over: number, now: number): void {
    for (const [key, { starts, pausedUntil }] of this.keys) {
      if (pausedUntil > now || (starts.fromEnd(1) ?? over) > over) return;
      this.keys.delete(key);
    }
  }
}

/** All limits of a pool, by name. */
export class LimitRecords {
  readonly #byName = new Map<string, LimitRecord>();

  constructor(limits: Readonly<Record<string, LimitNumbers>>) {
    for (const [name, numbers] of Object.entries(limits)) {
      this.#byName.set(name, new LimitRecord(numbers));
    }
  }

  [Symbol.iterator](): IterableIterator<[string, LimitRecord]> {
    return this.#byName.entries();
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }

  get(name: string): LimitRecord | undefined {
    return this.#byName.get(name);
  }

  /** A task with these keys has started. */
  start(keys: Readonly<Record<string, LimitKey>>, at: number): void {
    for (const name in keys) this.#byName.get(name)?.start(keys[name] as LimitKey, at);
  }

  /** A limit has got other numbers, or there is a new one. */
  change({ limit, concurrent, rate }: EventFields['limit.changed']): void {
    const record = this.#byName.get(limit);
    if (record === undefined) this.#byName.set(limit, new LimitRecord({ concurrent, rate }));
    else record.numbers = { concurrent, rate };
  }

  pause({ limit, key, until }: EventFields['limit.paused']): void {
    this.#byName.get(limit)?.pause(key, until);
  }
}
