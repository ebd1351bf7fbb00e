/** When attempts started: rates count them. */

import type { LimitKey } from 'xstate-taskpool';
import type { Rate, TaskFact } from './facts.ts';

interface Start {
  readonly at: number;
  readonly keys: TaskFact['keys'];
  /** The limits that may have forgotten it: it did not count any more when their rate was changed. */
  readonly forgottenBy: Set<string>;
}

export class Starts {
  readonly #all: Start[] = [];

  add(at: number, keys: TaskFact['keys']): void {
    this.#all.push({ at, keys, forgottenBy: new Set() });
  }

  /** Of what the rate before did not count, the next one need not know. */
  changed(limit: string, before: Rate | undefined, now: number): void {
    const keys = new Set(this.#all.map((start) => start.keys[limit]));
    for (const key of keys) {
      const ofKey = this.#all.filter((start) => start.keys[limit] === key);
      const counted = before === undefined ? [] : ofKey.slice(-before.max);
      for (const start of ofKey) {
        if (!counted.includes(start) || now - start.at >= (before?.per ?? 0)) {
          start.forgottenBy.add(limit);
        }
      }
    }
  }

  /**
   * Whether a rate has room for another start.
   *
   * @param countsAll whether starts count that may have been forgotten.
   */
  allow(limit: string, key: LimitKey, rate: Rate, now: number, countsAll: boolean): boolean {
    const recent = this.#all.filter(
      ({ at, keys, forgottenBy }) =>
        keys[limit] === key && now - at < rate.per && (countsAll || !forgottenBy.has(limit)),
    );
    const last = recent.at(-1);
    // A wait of a fraction of a millisecond may be rounded up.
    if (rate.spread && last !== undefined && now - last.at < rate.per / rate.max) return false;
    return recent.length < rate.max;
  }
}
