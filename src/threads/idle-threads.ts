/** Keeps idle threads, and retires those that are idle for too long. */

import { later } from '../kit/later.ts';
import type { Thread } from './thread.ts';

/** The owner of the threads. */
export interface IdleOwner {
  /** The number of threads that may be ended: those above the minimum. */
  readonly numSpare: number;
  /** Called with a thread that was idle for too long. */
  retire(thread: Thread): void;
}

export class IdleThreads {
  readonly #timeout: number;
  readonly #owner: IdleOwner;
  /** A stack: the thread that became idle last is used next. */
  readonly #threads: Thread[] = [];
  /** One timer for all threads; it does not keep the process alive. */
  #stopTimer: (() => void) | undefined = undefined;

  /**
   * @param timeout in milliseconds.
   */
  constructor(timeout: number, owner: IdleOwner) {
    this.#timeout = timeout;
    this.#owner = owner;
  }

  /** Takes the thread that became idle last; undefined if all are busy. */
  pop(): Thread | undefined {
    return this.#threads.pop();
  }

  push(thread: Thread): void {
    thread.isNeeded = false;
    thread.idleSince = performance.now();
    this.#threads.push(thread);
    this.#sweepLater();
  }

  remove(thread: Thread): void {
    const place = this.#threads.indexOf(thread);
    if (place !== -1) this.#threads.splice(place, 1);
  }

  /** Stops the timer. */
  close(): void {
    this.#stopTimer?.();
  }

  #sweepLater(): void {
    const [longest] = this.#threads;
    if (this.#stopTimer !== undefined || longest === undefined) return;
    if (this.#timeout === Number.POSITIVE_INFINITY || this.#owner.numSpare <= 0) return;
    const ms = Math.max(0, longest.idleSince + this.#timeout - performance.now());
    const sweep = () => {
      this.#stopTimer = undefined;
      this.#sweep();
    };
    this.#stopTimer = later(ms, sweep, undefined, false);
  }

  #sweep(): void {
    const before = performance.now() - this.#timeout;
    // The first one has been idle for the longest time.
    while (this.#owner.numSpare > 0 && (this.#threads[0]?.idleSince ?? Infinity) <= before) {
      this.#owner.retire(this.#threads.shift() as Thread);
    }
    this.#sweepLater();
  }
}
