/** The starts of attempts, which rates count. */

import type { LimitKey } from 'xstate-taskpool';
import type { Rate, TaskFact } from './facts.ts';

interface Start {
  readonly at: number;
  readonly keys: TaskFact['keys'];
  /** The limits that have dropped it: it no longer counted when their rate was changed. */
  readonly forgottenBy: Set<string>;
}

export class Starts {
  readonly #all: Start[] = [];

  add(at: number, keys: TaskFact['keys']): void {
    this.#all.push({ at, keys, forgottenBy: new Set() });
  }

  /** Starts that the previous rate no longer counted are unknown to the next one. */
  changed(limit: string, before: Rate | undefined, now: number): void {
    for (const { at, forgottenBy } of this.#all) {
      if (before === undefined || now - at >= before.per) forgottenBy.add(limit);
    }
  }

  /** Whether a rate has room for another start. */
  allow(limit: string, key: LimitKey, rate: Rate, now: number): boolean {
    const recent = this.#all.filter(
      ({ at, keys, forgottenBy }) =>
        keys[limit] === key && now - at < rate.per && !forgottenBy.has(limit),
    );
    const last = recent.at(-1);
    // Fractions of a millisecond may be rounded up.
    if (rate.spread && last !== undefined && now - last.at < rate.per / rate.max) return false;
    return recent.length < rate.max;
  }
}
