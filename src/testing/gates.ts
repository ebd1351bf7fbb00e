/** Gates at which the functions of a test wait until the test opens them. */

import { checkOptionalSignal } from '../kit/checks.ts';
import { whenAborted } from '../kit/on-abort.ts';

/** A promise that a test settles. */
export class Gate<T = void> {
  /** Fulfils the promise. */
  resolve!: (value: T) => void;
  /** Rejects the promise. */
  reject!: (reason: unknown) => void;
  /** The promise, pending until the test settles it. */
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/**
 * Gates by key, one for each waiting call; keys are items for instance.
 *
 * @example
 * ```ts
 * import { TaskPool } from 'xstate-taskpool';
 * import { Gates } from 'xstate-taskpool/testing';
 *
 * const gates = new Gates<string, number>();
 * const pool = new TaskPool({ poolSize: 1 });
 * const group = pool.map((url: string) => gates.wait(url), ['/a', '/b']);
 * await gates.untilWaiting('/a');
 * gates.waiting; // => ['/a']
 * gates.open('/a', 1);
 * await gates.untilWaiting('/b');
 * gates.open('/b', 2);
 * await group.results(); // => [1, 2]
 * ```
 */
export class Gates<K = string, T = void> {
  readonly #gates: { readonly key: K; readonly gate: Gate<T> }[] = [];
  readonly #arrivals: { readonly key: K; readonly gate: Gate }[] = [];

  /** The keys of waiting calls, in order of arrival. */
  get waiting(): readonly K[] {
    return this.#gates.map(({ key }) => key);
  }

  /** Waits until the test opens or breaks this gate, or the signal is aborted. */
  wait(key: K, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<T> {
    checkOptionalSignal('signal', signal);
    const gate = new Gate<T>();
    const entry = { key, gate };
    this.#gates.push(entry);
    if (signal !== undefined) {
      const stop = whenAborted(signal, (reason) => {
        const place = this.#gates.indexOf(entry);
        if (place >= 0) this.#gates.splice(place, 1);
        gate.reject(reason);
      });
      gate.promise.then(stop, stop);
    }
    for (let arrival = take(this.#arrivals, key); arrival; arrival = take(this.#arrivals, key)) {
      arrival.resolve();
    }
    return gate.promise;
  }

  /** Resolves once a call waits for the key. */
  untilWaiting(key: K): Promise<void> {
    if (this.#gates.some((each) => each.key === key)) return Promise.resolve();
    const gate = new Gate();
    this.#arrivals.push({ key, gate });
    return gate.promise;
  }

  /**
   * Fulfils the oldest waiting call with the key.
   *
   * @throws RangeError if no call waits for it.
   */
  open(key: K, value: T): void {
    this.#take(key).resolve(value);
  }

  /**
   * Rejects the oldest waiting call with the key.
   *
   * @throws RangeError if no call waits for it.
   */
  break(key: K, reason: unknown): void {
    this.#take(key).reject(reason);
  }

  #take(key: K): Gate<T> {
    const gate = take(this.#gates, key);
    if (gate !== undefined) return gate;
    throw new RangeError(`expected a key that something waits for, got ${String(key)}`);
  }
}

/** Removes and returns the first entry with a key. */
function take<K, G>(entries: { readonly key: K; readonly gate: G }[], key: K): G | undefined {
  const place = entries.findIndex((each) => each.key === key);
  return place < 0 ? undefined : entries.splice(place, 1)[0]?.gate;
}
