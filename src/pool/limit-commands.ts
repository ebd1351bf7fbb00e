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

  /** @param checkNotClosed throws unless the pool is open for something. */
  constructor(door: Door, admission: Admission, checkNotClosed: (what: string) => void) {
    this.#door = door;
    this.#admission = admission;
    this.#checkNotClosed = checkNotClosed;
  }

  /**
   * What a limit allows.
   *
   * @throws LimitNotFound
   */
  numbers(name: string): LimitNumbers {
    const { limits } = this.#door.state;
    const record = limits?.get(name);
    if (record !== undefined) return record.numbers;
    return refuseLimit(name, limits?.names ?? []);
  }

  /** Sets limits that may be there already. */
  changeAll(limits: Readonly<Record<string, LimitNumbers>>): void {
    for (const [name, numbers] of Object.entries(limits)) {
      const before = this.#door.state.limits?.get(name)?.numbers;
      if (JSON.stringify(before) !== JSON.stringify(numbers)) this.change(name, numbers);
    }
  }

  /** Changes what a limit allows, or adds one. */
  change(name: string, { concurrent, rate }: LimitNumbers): void {
    this.#checkNotClosed('a new limit');
    const fields = { limit: name, concurrent, rate };
    this.#door.record(Code.limitChanged, undefined, 0, fields);
    if (this.#admission.limits !== undefined) this.#admission.limits.change(fields);
    else if (this.#door.state.limits !== undefined) this.keep(this.#door.state.limits);
  }

  /** Holds back the tasks with a key of a limit for some milliseconds. */
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

  /** Lets tasks keep to limits that the state has. */
  keep(records: LimitRecords): void {
    this.#admission.addLimits(records);
    this.#door.watch(this.#admission, this.#admission.codes);
  }
}
