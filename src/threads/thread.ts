/** One worker thread, seen from the thread of the pool. It runs one call at a time. */

import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';
import { WorkerLost } from '../index.ts';
import { read } from '../kit/realms.ts';
import { classesOf, type ErrorClass, type ErrorClasses, unpackError } from '../remote/errors.ts';
import { cannotTravel } from '../remote/travel.ts';
import type { FromThread, ThreadData, ToThread, VisibleArguments } from './messages.ts';
import { movedPartsOf } from './move.ts';
import type { ThreadCall } from './thread-call.ts';

/** How threads are started. */
export interface ThreadOptions {
  /** Limits in memory: a thread that reaches one is lost, and no other. */
  readonly resourceLimits?: ResourceLimits;
  /** Default: those of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: those of the process. */
  readonly execArgv?: readonly string[];
  /**
   * Classes that errors from a thread are to be instances of again, by the name of the class. Their constructors are
   * not called. Default: those of the platform and of this package.
   */
  readonly errors?: readonly ErrorClass[];
}

/** Who is notified of what a thread does. */
export interface ThreadOwner {
  /** It can be called. */
  ready(thread: Thread): void;
  /** Its module cannot be loaded. */
  failed(thread: Thread, error: unknown): void;
  /** Its call has settled: it can run another. */
  freed(thread: Thread): void;
  /** It is dead. The call that it ran was rejected. */
  gone(thread: Thread): void;
}

export class Thread {
  readonly name: string;
  /** Resolves when it is dead. */
  readonly ended: Promise<void>;
  isReady = false;
  /** When its last call had settled, by the monotonic clock. */
  idleSince = 0;
  /** What its functions can see of their arguments; known once it is ready. */
  #visible: VisibleArguments = new Map();
  #isNeeded = true;
  readonly #worker: Worker;
  readonly #owner: ThreadOwner;
  readonly #errors: ErrorClasses;
  #call: ThreadCall | undefined = undefined;
  /** What has crashed it. */
  #crash: unknown = undefined;
  #isEnding = false;

  constructor(main: URL, data: ThreadData, options: ThreadOptions, owner: ThreadOwner) {
    const { resourceLimits, env, execArgv, errors } = options;
    this.#errors = classesOf(errors);
    this.#owner = owner;
    this.#worker = new Worker(main, {
      workerData: data,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
      ...(env === undefined ? {} : { env: { ...env } }),
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.name = `thread-${this.#worker.threadId}`;
    this.#worker.on('message', (message: FromThread) => this.#see(message));
    this.#worker.on('messageerror', (error) => this.#settle(undefined, error));
    this.#worker.on('error', (error) => {
      this.#crash = error;
    });
    this.ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#exited(code);
        resolve();
      });
    });
  }

  /** Whether it keeps the process alive: while it runs something, or someone waits for it. */
  set isNeeded(isNeeded: boolean) {
    if (isNeeded === this.#isNeeded) return;
    this.#isNeeded = isNeeded;
    if (isNeeded) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Runs a call. A call that cannot be sent is rejected, and the thread stays free. */
  run(call: ThreadCall): void {
    const { number, name, args, context, trace } = call;
    call.thread = this;
    this.#call = call;
    try {
      const parts = movedPartsOf(args) as Transferable[] | undefined;
      const sent = call.contextFor(this.#visible.get(name) ?? Number.POSITIVE_INFINITY);
      this.#worker.postMessage(['call', number, name, args, sent, trace] satisfies ToThread, parts);
    } catch (error) {
      this.#settle(undefined, cannotTravel('clone', args, 'arguments', error));
      return;
    }
    this.isNeeded = true;
    context?.placed(this.name);
  }

  post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** Ends it, whatever it does. */
  end(): Promise<void> {
    this.#isEnding = true;
    void this.#worker.terminate();
    return this.ended;
  }

  /** Whether it was asked to end. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  #see(message: FromThread): void {
    if (message[0] === 'ready') {
      if (this.#isEnding) return;
      this.#visible = message[1];
      this.isReady = true;
      this.#owner.ready(this);
      return;
    }
    if (message[0] === 'broken') {
      this.#owner.failed(this, unpackError(message[1]));
      return;
    }
    const call = this.#call;
    // What a function does after it has settled is of no interest.
    if (call === undefined || call.number !== message[1]) return;
    switch (message[0]) {
      case 'returned':
        this.#settle(message[2]);
        break;
      case 'threw':
        this.#settle(undefined, unpackError(message[2], this.#errors));
        break;
      case 'gaveIn':
        this.#settle(undefined, call.reason);
        break;
      case 'report':
        call.context?.report(message[2]);
        break;
      case 'log':
        call.context?.log(...message[2]);
        break;
      case 'placed':
        call.context?.placed(message[2]);
        break;
      case 'untilStored':
        void call.answerStored();
        break;
    }
  }

  #settle(value: unknown, ...errors: readonly unknown[]): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    this.idleSince = performance.now();
    if (errors.length === 0) call.resolve(value);
    else call.reject(errors[0]);
    if (!this.#isEnding) this.#owner.freed(this);
  }

  #exited(code: number): void {
    const call = this.#call;
    this.#call = undefined;
    this.#isEnding = true;
    if (call !== undefined) call.reject(this.#lost(call, code));
    else if (!this.isReady) this.#owner.failed(this, this.#lost(undefined, code));
    this.#owner.gone(this);
  }

  #lost(call: ThreadCall | undefined, code: number): WorkerLost {
    if (call?.endedBecause !== undefined) {
      const message = `${this.name} was ended: ${call.endedBecause}`;
      return new WorkerLost(message, { cause: call.reason });
    }
    const doing = call === undefined ? 'began' : `ran ${call.name}()`;
    const crash = this.#crash;
    if (crash === undefined)
      return new WorkerLost(`${this.name} exited with code ${code} while it ${doing}`);
    if (read(crash, 'code') === 'ERR_WORKER_OUT_OF_MEMORY') {
      return new WorkerLost(`${this.name} ran out of memory while it ${doing}`, { cause: crash });
    }
    const message = `${this.name} crashed while it ${doing}: ${String(read(crash, 'message') ?? crash)}`;
    return new WorkerLost(message, { cause: crash });
  }
}
