/** Where the functions of a test wait until it lets them continue. */

/** A promise that a test settles. */
export class Gate<T = void> {
  /** Fulfils the promise. */
  resolve!: (value: T) => void;
  /** Rejects it. */
  reject!: (reason: unknown) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/**
 * Gates by keys, one for each call that waits: items for instance.
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

  /** The keys for which something waits, in the order of arrival. */
  get waiting(): readonly K[] {
    return this.#gates.map(({ key }) => key);
  }

  /** Waits until the test opens or breaks this gate. */
  wait(key: K): Promise<T> {
    const gate = new Gate<T>();
    this.#gates.push({ key, gate });
    for (let arrival = take(this.#arrivals, key); arrival; arrival = take(this.#arrivals, key)) {
      arrival.resolve();
    }
    return gate.promise;
  }

  /** Resolves once something waits for a key. */
  untilWaiting(key: K): Promise<void> {
    if (this.#gates.some((each) => each.key === key)) return Promise.resolve();
    const gate = new Gate();
    this.#arrivals.push({ key, gate });
    return gate.promise;
  }

  /**
   * Lets what came first with a key continue, with a value.
   *
   * @throws RangeError if nothing waits for it.
   */
  open(key: K, value: T): void {
    this.#take(key).resolve(value);
  }

  /**
   * Has what came first with a key fail.
   *
   * @throws RangeError if nothing waits for it.
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

/** Takes the first entry with a key out of a list. */
function take<K, G>(entries: { readonly key: K; readonly gate: G }[], key: K): G | undefined {
  const place = entries.findIndex((each) => each.key === key);
  return place < 0 ? undefined : entries.splice(place, 1)[0]?.gate;
}
