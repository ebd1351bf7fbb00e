/** The public handle of a named limit. */

import { Code } from '../events/event-codes.ts';
import type { LimitKey, LimitNumbers } from '../events/events.ts';
import { checkFrom, checkLimit } from '../kit/checks.ts';
import { oneLine, PRINTED, plural } from '../kit/printed.ts';
import { limitFromJson, limitToJson } from '../machines/limits.ts';
import { checkRate, type Rate, rateNumbers } from './admission/limit-options.ts';
import { checkedKey } from './admission/terms.ts';
import type { Core } from './core.ts';

/** The handle of a named limit, `pool.limits.<name>`: reads and changes what it allows. */
export class PoolLimit {
  /** The name of the limit. */
  readonly name: string;
  readonly #core: Core;

  /** @internal */
  constructor(core: Core, name: string) {
    this.#core = core;
    this.name = name;
  }

  /** How many tasks with the same key may run at once; `Infinity` if there is no limit. */
  get concurrent(): number {
    return limitFromJson(this.#numbers.concurrent);
  }

  /**
   * Takes effect immediately: a larger value starts waiting tasks, a smaller one stops no running task.
   *
   * @throws RangeError, TypeError unless it is a non-negative integer or `Infinity`.
   * @throws PoolIsClosed if the pool is closed.
   */
  set concurrent(concurrent: number) {
    checkLimit(`limits.${this.name}.concurrent`, concurrent);
    if (concurrent === this.concurrent) return;
    this.#core.changeLimit(this.name, { ...this.#numbers, concurrent: limitToJson(concurrent) });
  }

  /** How many tasks with the same key may start in a period of time; undefined if there is no limit. */
  get rate(): Rate | undefined {
    return this.#numbers.rate ?? undefined;
  }

  /**
   * Takes effect immediately, and also counts earlier starts, as far back as the previous rate counted them.
   *
   * @throws RangeError, TypeError for an invalid rate.
   * @throws PoolIsClosed if the pool is closed.
   */
  set rate(rate: Rate | undefined) {
    if (rate !== undefined) checkRate(`limits.${this.name}.rate`, rate);
    const numbers = rateNumbers(rate);
    this.#core.changeLimit(this.name, { ...this.#numbers, rate: numbers });
  }

  /**
   * Starts no tasks with this key for some milliseconds, for example after an HTTP response 429. Running tasks are
   * finished. Replaces an earlier pause of the key; 0 ends it.
   *
   * @throws RangeError, TypeError for an invalid key or time.
   * @throws PoolIsClosed if the pool is closed.
   */
  pause(key: LimitKey, ms: number): void {
    checkedKey('the key', key);
    checkFrom('ms', ms);
    const { name } = this;
    const { admission, door } = this.#core;
    this.#core.checkNotClosed('a pause');
    this.#core.record(Code.limitPaused, { limit: name, key, until: door.turn.at + ms });
    admission.limits?.pause(name, key, ms);
  }

  /** The JSON form of a limit: its name and its numbers; `null` stands for no limit. */
  toJSON(): { name: string; concurrent: number | null; rate?: Rate } {
    const { name, concurrent, rate } = this;
    return { name, concurrent: limitToJson(concurrent), ...(rate === undefined ? {} : { rate }) };
  }

  /** What `console.log` prints of a limit. @internal */
  [PRINTED](): string {
    const { name, concurrent, rate } = this;
    const atOnce = concurrent === Number.POSITIVE_INFINITY ? [] : [`${concurrent} at once`];
    const starts = rate === undefined ? [] : [`${plural(rate.max, 'start')} in ${rate.per} ms`];
    return `PoolLimit ${oneLine(name)}: ${[...atOnce, ...starts].join(', ') || 'none'}`;
  }

  get #numbers(): LimitNumbers {
    return this.#core.door.state.limits?.get(this.name)?.numbers as LimitNumbers;
  }
}
