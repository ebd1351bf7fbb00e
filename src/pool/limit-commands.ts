/** Commands that read and change named limits. */

import { Code } from '../events/event-codes.ts';
import type { LimitKey, LimitNumbers } from '../events/events.ts';
import type { LimitRecords } from '../machines/limit-records.ts';
import type { Admission } from './admission/admission.ts';
import { refuseLimit } from './admission/limit-options.ts';
import type { Door } from './door/door.ts';

export class LimitCommands {
  readonly #door: Door;
  readonly #admission: Admission;
  readonly #checkNotClosed: (what: string) => void;

  /** @param checkNotClosed throws PoolIsClosed if the pool is closed. */
  constructor(door: Door, admission: Admission, checkNotClosed: (what: string) => void) {
    this.#door = door;
    this.#admission = admission;
    this.#checkNotClosed = checkNotClosed;
  }

  /**
   * The current numbers of a limit.
   *
   * @throws LimitNotFound
   */
  numbers(name: string): LimitNumbers {
    const { limits } = this.#door.state;
    const record = limits?.get(name);
    if (record !== undefined) return record.numbers;
    return refuseLimit(name, limits?.names ?? []);
  }

  /** Changes or adds several limits; equal ones are left alone. */
  changeAll(limits: Readonly<Record<string, LimitNumbers>>): void {
    for (const [name, numbers] of Object.entries(limits)) {
      const before = this.#door.state.limits?.get(name)?.numbers;
      if (JSON.stringify(before) !== JSON.stringify(numbers)) this.change(name, numbers);
    }
  }

  /** Changes a limit, or adds one. */
  change(name: string, { concurrent, rate }: LimitNumbers): void {
    this.#checkNotClosed('a new limit');
    const fields = { limit: name, concurrent, rate };
    this.#door.record(Code.limitChanged, undefined, 0, fields);
    if (this.#admission.limits !== undefined) this.#admission.limits.change(fields);
    else if (this.#door.state.limits !== undefined) this.keep(this.#door.state.limits);
  }

  /** Starts no tasks with this key of a limit for some milliseconds. */
  pause(name: string, key: LimitKey, ms: number): void {
    this.#checkNotClosed('a pause');
    this.numbers(name);
    this.#door.record(Code.limitPaused, undefined, 0, {
      limit: name,
      key,
      until: this.#door.turn.at + ms,
    });
    this.#admission.limits?.pause(name, key, ms);
  }

  /** Applies the limits of the state to tasks. */
  keep(records: LimitRecords): void {
    this.#admission.addLimits(records);
    this.#door.watch(this.#admission, this.#admission.codes);
  }
}
