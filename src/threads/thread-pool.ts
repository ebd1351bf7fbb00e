/** The threads of one module: who runs what, how many there are, and when they end. */

import { PoolIsClosed } from '../index.ts';
import { Thread, type ThreadOptions, type ThreadOwner } from './thread.ts';
import type { CallKeeper, ThreadCall } from './thread-call.ts';

/** How many threads there are, and how long they last. */
export interface ThreadPoolOptions extends ThreadOptions {
  readonly min: number;
  readonly max: number;
  readonly grace: number;
  readonly idleTimeout: number;
}

/** The longest time of a timer: milliseconds. */
const LONGEST = 2 ** 31 - 1;

export class ThreadPool implements ThreadOwner, CallKeeper {
  readonly grace: number;
  readonly #url: string;
  readonly #main: URL;
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<Thread>();
  /** Those that run nothing; the one that was busy last is next. */
  readonly #idle: Thread[] = [];
  /** Calls that no thread runs yet. A set: any of them may be cancelled. */
  readonly #queued = new Set<ThreadCall>();
  readonly #running = new Set<ThreadCall>();
  #sweeper: ReturnType<typeof setTimeout> | undefined = undefined;
  #closing: Promise<void> | undefined = undefined;
  #onQuiet: (() => void) | undefined = undefined;
  #queuedSince = 0;
  /** False once a thread could not begin: others are started for calls that follow, not for its own. */
  #mayStart = true;

  constructor(url: string, main: URL, options: ThreadPoolOptions) {
    this.grace = options.grace;
    this.#url = url;
    this.#main = main;
    this.#options = options;
    this.#start(options.min);
  }

  /** How many threads there are. */
  get size(): number {
    return this.#threads.size;
  }

  run(call: ThreadCall): Promise<unknown> {
    if (this.#closing !== undefined) {
      call.reject(new PoolIsClosed(`expected open threads for ${call.name}(), got closed ones`));
    } else if (!call.isAborted) {
      const thread = this.#idle.pop();
      if (thread === undefined) this.#enqueue(call);
      else this.#runOn(thread, call);
    }
    return call.promise;
  }

  /** Why a call waits here. */
  get waitsFor(): string {
    const seconds = Math.round((performance.now() - this.#queuedSince) / 1000);
    const { max } = this.#options;
    if (this.#threads.size < max) return `a thread has been starting for ${seconds} s`;
    const threads = max === 1 ? 'the only thread has' : `all ${max} threads have`;
    return `${threads} been busy for ${seconds} s`;
  }

  drop(call: ThreadCall): void {
    this.#queued.delete(call);
    this.#checkQuiet();
  }

  ready(thread: Thread): void {
    this.#take(thread);
  }

  freed(thread: Thread): void {
    this.#take(thread);
  }

  /** Calls that wait get the reason, rather than waiting for what will not come. */
  failed(thread: Thread, error: unknown): void {
    if (!thread.isEnding) void thread.end();
    this.#threads.delete(thread);
    this.#mayStart = false;
    if (this.#threads.size > 0) return;
    for (const call of this.#queued) call.reject(error);
    this.#queued.clear();
    this.#checkQuiet();
  }

  gone(thread: Thread): void {
    this.#threads.delete(thread);
    const place = this.#idle.indexOf(thread);
    if (place !== -1) this.#idle.splice(place, 1);
    this.#startForQueued();
    this.#checkQuiet();
  }

  /** Ends all threads, once what was called has settled. */
  close(grace: number): Promise<void> {
    this.#closing ??= this.#close(grace);
    return this.#closing;
  }

  async #close(grace: number): Promise<void> {
    const timer =
      grace === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(() => {
            const reason = new PoolIsClosed(`threads were closed, and ${grace} ms are over`);
            for (const call of [...this.#queued, ...this.#running]) call.abort(reason);
          }, grace);
    const quiet = new Promise<void>((resolve) => {
      this.#onQuiet = resolve;
    });
    this.#checkQuiet();
    await quiet;
    clearTimeout(timer);
    clearTimeout(this.#sweeper);
    // A thread that is about to end does not always keep the process alive until it has.
    const awake = setInterval(() => {}, LONGEST);
    await Promise.all(Array.from(this.#threads, (thread) => thread.end()));
    clearInterval(awake);
  }

  #enqueue(call: ThreadCall): void {
    if (this.#queued.size === 0) this.#queuedSince = performance.now();
    this.#queued.add(call);
    this.#mayStart = true;
    this.#startForQueued();
  }

  #runOn(thread: Thread, call: ThreadCall): void {
    this.#running.add(call);
    const over = (): void => {
      this.#running.delete(call);
      this.#checkQuiet();
    };
    call.promise.then(over, over);
    thread.run(call);
  }

  /** Gives a thread that is free the next call, if there is one. */
  #take(thread: Thread): void {
    const [call] = this.#queued;
    if (call !== undefined) {
      this.#queued.delete(call);
      this.#queuedSince = performance.now();
      this.#runOn(thread, call);
      return;
    }
    thread.isNeeded = false;
    thread.idleSince = performance.now();
    this.#idle.push(thread);
    this.#sweepLater();
  }

  /** As many threads as there are calls for them, up to the limit. */
  #startForQueued(): void {
    const starting = [...this.#threads].filter(({ isReady }) => !isReady).length;
    const room = this.#options.max - this.#threads.size;
    if (this.#mayStart) this.#start(Math.min(this.#queued.size - starting, room));
    if (this.#queued.size === 0) return;
    for (const thread of this.#threads) if (!thread.isReady) thread.isNeeded = true;
  }

  #start(count: number): void {
    for (let n = 0; n < count; n++) {
      const thread = new Thread(this.#main, { url: this.#url }, this.#options, this);
      thread.isNeeded = false;
      this.#threads.add(thread);
    }
  }

  /** Ends threads that were idle for long: one timer for all of them, which keeps nothing alive. */
  #sweepLater(): void {
    const { idleTimeout, min } = this.#options;
    if (this.#sweeper !== undefined || idleTimeout === Number.POSITIVE_INFINITY) return;
    if (this.#threads.size <= min) return;
    const [longest] = this.#idle;
    if (longest === undefined) return;
    const ms = Math.max(0, longest.idleSince + idleTimeout - performance.now());
    this.#sweeper = setTimeout(() => {
      this.#sweeper = undefined;
      this.#sweep();
    }, ms);
    this.#sweeper.unref();
  }

  #sweep(): void {
    const { idleTimeout, min } = this.#options;
    const before = performance.now() - idleTimeout;
    // The first was idle the longest.
    while (this.#threads.size > min && (this.#idle[0]?.idleSince ?? Infinity) <= before) {
      const thread = this.#idle.shift() as Thread;
      this.#threads.delete(thread);
      void thread.end();
    }
    this.#sweepLater();
  }

  #checkQuiet(): void {
    if (this.#queued.size === 0 && this.#running.size === 0) this.#onQuiet?.();
  }
}
