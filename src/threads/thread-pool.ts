/** The threads of one module: assigns calls to threads, starts threads on demand, and ends them. */

import { PoolIsClosed } from '../index.ts';
import { LONGEST_TIMEOUT, later } from '../kit/later.ts';
import { OrderedLine } from '../kit/ordered-line.ts';
import { type IdleOwner, IdleThreads } from './idle-threads.ts';
import { mayMove } from './move.ts';
import { Thread, type ThreadOptions, type ThreadOwner } from './thread.ts';
import { type CallKeeper, OUTSIDE, type ThreadCall } from './thread-call.ts';

/** The number and lifetime of threads. */
export interface ThreadPoolOptions extends ThreadOptions {
  readonly min: number;
  readonly max: number;
  readonly grace: number;
  readonly idleTimeout: number;
}

export class ThreadPool implements ThreadOwner, CallKeeper, IdleOwner {
  readonly grace: number;
  readonly #url: string;
  readonly #main: URL;
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #idle: IdleThreads;
  /** Calls that no thread has yet, in the order in which they were made. Any of them may be cancelled. */
  readonly #queued = new OrderedLine<ThreadCall>();
  #closing: Promise<void> | undefined = undefined;
  #onQuiet: (() => void) | undefined = undefined;
  #queuedSince = 0;
  /** False after a thread could not start: more are started only for further calls. */
  #mayStart = true;

  constructor(url: string, main: URL, options: ThreadPoolOptions) {
    this.grace = options.grace;
    this.#url = url;
    this.#main = main;
    this.#options = options;
    this.#idle = new IdleThreads(options.idleTimeout, this);
    this.#start(options.min);
  }

  /** The number of threads. */
  get size(): number {
    return this.#threads.size;
  }

  get numSpare(): number {
    return this.#threads.size - this.#options.min;
  }

  run(call: ThreadCall): Promise<unknown> {
    if (this.#closing !== undefined) {
      call.reject(new PoolIsClosed(`expected open threads for ${call.name}(), got closed ones`));
    } else if (!call.isAborted) {
      const thread = this.#idle.pop() ?? this.#threadWithRoom();
      if (thread === undefined) this.#enqueue(call);
      else this.#give(thread, call);
    }
    return call.promise;
  }

  /** The reason why a call waits. */
  get waitsFor(): string {
    const seconds = Math.round((performance.now() - this.#queuedSince) / 1000);
    const { max } = this.#options;
    if (this.#threads.size < max) return `a thread has been starting for ${seconds} s`;
    const threads = max === 1 ? 'the only thread has' : `all ${max} threads have`;
    return `${threads} been busy for ${seconds} s`;
  }

  drop(call: ThreadCall): void {
    if (call.place !== OUTSIDE) this.#queued.remove(call);
    this.#checkQuiet();
  }

  ready(thread: Thread): void {
    this.#feed(thread);
  }

  settled(thread: Thread): void {
    this.#feed(thread);
    this.#checkQuiet();
  }

  /** Rejects queued calls with the reason if no thread is left. */
  failed(thread: Thread, error: unknown): void {
    if (!thread.isEnding) void thread.end();
    this.#threads.delete(thread);
    this.#mayStart = false;
    if (this.#threads.size > 0) return;
    for (let call = this.#queued.shift(); call !== undefined; call = this.#queued.shift()) {
      call.reject(error);
    }
    this.#checkQuiet();
  }

  requeue(call: ThreadCall): void {
    this.#queued.push(call);
  }

  gone(thread: Thread): void {
    this.#threads.delete(thread);
    this.#idle.remove(thread);
    // No other thread will take the queued calls.
    if (this.#threads.size === 0) this.#mayStart = true;
    this.#startForQueued();
    this.#checkQuiet();
  }

  retire(thread: Thread): void {
    this.#threads.delete(thread);
    void thread.end();
  }

  /** Ends all threads after all calls have settled. */
  close(grace: number): Promise<void> {
    this.#closing ??= this.#close(grace);
    return this.#closing;
  }

  async #close(grace: number): Promise<void> {
    const stopTimer = later(grace, () => {
      const reason = new PoolIsClosed(`threads were closed, and ${grace} ms are over`);
      const running = [...this.#threads].flatMap(({ calls }) => calls);
      for (const call of [...this.#queued, ...running]) call.abort(reason);
    });
    const quiet = new Promise<void>((resolve) => {
      this.#onQuiet = resolve;
    });
    this.#checkQuiet();
    await quiet;
    stopTimer();
    this.#idle.close();
    // A terminating thread does not always keep the process alive until it has exited.
    const awake = setInterval(() => {}, LONGEST_TIMEOUT);
    await Promise.all(Array.from(this.#threads, (thread) => thread.end()));
    clearInterval(awake);
  }

  #give(thread: Thread, call: ThreadCall): void {
    thread.run(call);
    // The call could not be sent.
    if (thread.numCalls === 0) this.#feed(thread);
  }

  #enqueue(call: ThreadCall): void {
    if (this.#queued.length === 0) this.#queuedSince = performance.now();
    this.#queued.push(call);
    this.#mayStart = true;
    this.#startForQueued();
  }

  /** The thread with the fewest calls, if one accepts calls ahead and no new thread is to be started. */
  #threadWithRoom(): Thread | undefined {
    if (this.#queued.length > 0 || this.#threads.size < this.#options.max || mayMove()) return;
    let best: Thread | undefined;
    for (const thread of this.#threads) {
      if (thread.room > 0 && thread.numCalls < (best?.numCalls ?? Infinity)) best = thread;
    }
    return best;
  }

  /** Gives a thread its next calls: one if it has none, and more if it accepts calls ahead. */
  #feed(thread: Thread): void {
    this.#takeBack(thread);
    while (this.#queued.length > 0 && thread.room > 0) {
      if (thread.numCalls > 0 && mayMove()) return;
      const call = this.#queued.shift() as ThreadCall;
      this.#queuedSince = performance.now();
      thread.run(call);
    }
    if (thread.numCalls === 0) this.#idle.push(thread);
  }

  /**
   * Requeues calls that were sent ahead to other threads: all of those behind a slow call, and half of the others if
   * this thread would be idle.
   */
  #takeBack(thread: Thread): void {
    const hasNothing = thread.numCalls === 0 && this.#queued.length === 0;
    for (const other of this.#threads) {
      const ahead = other.numCalls - 1;
      if (ahead < 1 || other === thread) continue;
      if (other.isStalled) other.takeBack();
      else if (hasNothing) other.takeBack(Math.ceil(ahead / 2));
    }
  }

  /** Starts as many threads as there are queued calls for them, up to the limit. */
  #startForQueued(): void {
    const starting = [...this.#threads].filter(({ isReady }) => !isReady).length;
    const room = this.#options.max - this.#threads.size;
    if (this.#mayStart) this.#start(Math.min(this.#queued.length - starting, room));
    if (this.#queued.length === 0) return;
    for (const thread of this.#threads) if (!thread.isReady) thread.isNeeded = true;
  }

  #start(count: number): void {
    for (let n = 0; n < count; n++) {
      const thread = new Thread(this.#main, this.#url, this.#options, this);
      thread.isNeeded = false;
      this.#threads.add(thread);
    }
  }

  #checkQuiet(): void {
    if (this.#onQuiet === undefined || this.#queued.length > 0) return;
    for (const { numCalls } of this.#threads) if (numCalls > 0) return;
    this.#onQuiet();
  }
}
