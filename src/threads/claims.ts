/** Decides which calls may begin in a thread, through memory shared with the thread of the pool. */

/** The maximum number of calls sent to a thread after the last one that has ended. */
export const PLACES = 64;

const SENT = 0;
const BEGUN = 1;
const WITHDRAWN = 2;

/**
 * A thread may be sent calls while it is running another one. A call is either begun by the thread or withdrawn by
 * the pool, whichever comes first; so a withdrawn call can be given to another thread without running twice.
 */
export class Claims {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** Called by the pool before a call is sent. `place` counts the calls sent to this thread. */
  send(place: number): void {
    Atomics.store(this.#words, place % PLACES, SENT);
  }

  /** Called by the thread. Returns whether it may begin the call: false if that was withdrawn. */
  begin(place: number): boolean {
    return this.#claim(place, BEGUN);
  }

  /** Called by the pool. Returns whether the call was withdrawn: false if it has begun. */
  withdraw(place: number): boolean {
    return this.#claim(place, WITHDRAWN);
  }

  #claim(place: number, state: number): boolean {
    return Atomics.compareExchange(this.#words, place % PLACES, SENT, state) === SENT;
  }
}
