/** Which calls may begin in a thread: words in memory that it shares with the thread of the pool. */

/** So many calls a thread can be sent beyond the last one that is over there. */
export const PLACES = 64;

const SENT = 0;
const BEGUN = 1;
const WITHDRAWN = 2;

/**
 * A thread may be sent calls while it runs another one. A call is either begun by the thread or withdrawn by
 * the pool, whichever comes first: so it can be given to another thread without being run twice.
 */
export class Claims {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** A call is about to be sent. `place` counts those sent to this thread. */
  send(place: number): void {
    Atomics.store(this.#words, place % PLACES, SENT);
  }

  /** Called by the thread. Returns whether it may begin: false for a call that was withdrawn. */
  begin(place: number): boolean {
    return this.#claim(place, BEGUN);
  }

  /** Called by the pool. Returns whether the call will not be begun: false for one that was. */
  withdraw(place: number): boolean {
    return this.#claim(place, WITHDRAWN);
  }

  #claim(place: number, state: number): boolean {
    return Atomics.compareExchange(this.#words, place % PLACES, SENT, state) === SENT;
  }
}
