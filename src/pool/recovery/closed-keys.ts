/** Which keys of limits were saturated when a process died, according to its journal. */

import type { LimitKey } from '../../events/events.ts';
import type { KeyRecord, LimitRecord, LimitRecords } from '../../machines/limit-records.ts';
import { opensAt as rateOpensAt } from '../../machines/rate.ts';
import type { Task } from '../live/live.ts';

export class ClosedKeys {
  readonly #limits: LimitRecords | undefined;
  readonly #at: number;
  /** How many tasks run, by the names of limits and the keys. */
  readonly #running = new Map<string, Map<LimitKey, number>>();

  /**
   * @param running the tasks that hold a slot.
   * @param at when the process died, or the latest possible time: milliseconds since the epoch.
   */
  constructor(limits: LimitRecords | undefined, running: Iterable<Task>, at: number) {
    this.#limits = limits;
    this.#at = at;
    for (const { notes } of running) this.#count(notes.keys ?? {});
  }

  /** Whether a key of a task kept it from starting. */
  isAnyOf({ notes: { keys } }: Task): boolean {
    for (const name in keys) if (this.#isClosed(name, keys[name] as LimitKey)) return true;
    return false;
  }

  #count(keys: Readonly<Record<string, LimitKey>>): void {
    for (const name in keys) {
      const counts = this.#running.get(name) ?? new Map<LimitKey, number>();
      this.#running.set(name, counts);
      const key = keys[name] as LimitKey;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }

  #isClosed(name: string, key: LimitKey): boolean {
    const limit = this.#limits?.get(name);
    if (limit === undefined) return false;
    const { concurrent } = limit.numbers;
    if (concurrent !== null && (this.#running.get(name)?.get(key) ?? 0) >= concurrent) return true;
    const record = limit.get(key);
    return record !== undefined && opensAt(limit, record, this.#at) > this.#at;
  }
}

/** The time from which the next task with a key may start, by its rate and its pauses. */
function opensAt(
  { numbers: { rate } }: LimitRecord,
  { starts, pausedUntil }: KeyRecord,
  now: number,
): number {
  return rate === null ? pausedUntil : Math.max(pausedUntil, rateOpensAt(rate, now, starts));
}
