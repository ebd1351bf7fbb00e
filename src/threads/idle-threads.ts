/** The threads that run nothing, and how long they are kept. */

import { later } from '../kit/later.ts';
import type { Thread } from './thread.ts';

/** Who owns the threads. */
export interface IdleOwner {
  /** How many threads may be ended: those beyond the least number. */
  readonly numSpare: number;
  /** A thread was idle for too long. */
  retire(thread: Thread): void;
}

export class IdleThreads {
  readonly #timeout: number;
  readonly #owner: IdleOwner;
  /** The one that was busy last is next. */
  readonly #threads: Thread[] = [];
  /** One timer for all of them, which keeps nothing alive. */
  #stopTimer: (() => void) | undefined = undefined;

  /** @param timeout milliseconds. */
  constructor(timeout: number, owner: IdleOwner) {
    this.#timeout = timeout;
    this.#owner = owner;
  }

  /** Takes the thread that was busy last; undefined if all are. */
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

  /** No thread is ended by its timer any more. */
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
    // The first was idle the longest.
    while (this.#owner.numSpare > 0 && (this.#threads[0]?.idleSince ?? Infinity) <= before) {
      this.#owner.retire(this.#threads.shift() as Thread);
    }
    this.#sweepLater();
  }
}
