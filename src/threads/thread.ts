/** A worker thread, seen from the thread of the pool. It runs its calls one at a time, in order. */

import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';
import type { WorkerLost } from '../index.ts';
import { classesOf, type ErrorClass, type ErrorClasses, unpackError } from '../remote/errors.ts';
import { cannotTravel } from '../remote/travel.ts';
import { Claims, PLACES } from './claims.ts';
import type { FromThread, ThreadData, ToThread, VisibleArguments } from './messages.ts';
import { movedPartsOf } from './move.ts';
import { Pace } from './pace.ts';
import type { ThreadCall } from './thread-call.ts';
import { workerLost } from './worker-lost.ts';

/** How threads are started. */
export interface ThreadOptions {
  /** Memory limits of each thread: only the thread that exceeds one is lost. Default: those of Node. */
  readonly resourceLimits?: ResourceLimits;
  /** The environment variables. Default: those of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The options of Node. Default: those of the process. */
  readonly execArgv?: readonly string[];
  /**
   * Error classes of your own, recognized by the name of the class: errors from threads become instances of them.
   * Their constructors are not called. Default: the classes of the platform and of this package.
   */
  readonly errors?: readonly ErrorClass[];
}

/** Notified of events of a thread. */
export interface ThreadOwner {
  /** It accepts calls. */
  ready(thread: Thread): void;
  /** Its module cannot be loaded. */
  failed(thread: Thread, error: unknown): void;
  /** A call has settled: it can run another. */
  settled(thread: Thread): void;
  /** A call sent ahead was taken back before it began. */
  requeue(call: ThreadCall): void;
  /** It has exited. The call that it was running was rejected. */
  gone(thread: Thread): void;
}

/** A call and its number among those sent to the thread. */
interface SentCall {
  readonly call: ThreadCall;
  readonly place: number;
}

export class Thread {
  readonly name: string;
  /** Resolves when the thread has exited. */
  readonly ended: Promise<void>;
  isReady = false;
  /** When its last call settled, in milliseconds of `performance.now()`. */
  idleSince = 0;
  /** The number of arguments that each function can see; known once the thread is ready. */
  #visible: VisibleArguments = new Map();
  #isNeeded = true;
  readonly #worker: Worker;
  readonly #owner: ThreadOwner;
  readonly #errors: ErrorClasses;
  readonly #claims = new Claims();
  readonly #pace = new Pace();
  /** The number of calls sent, and the number of the last one that has ended; all before that were read. */
  #sent = 0;
  #over = 0;
  /** The running call, and those sent ahead. */
  readonly #calls: SentCall[] = [];
  /** The error that crashed the thread. */
  #crash: unknown = undefined;
  #isEnding = false;

  constructor(main: URL, url: string, options: ThreadOptions, owner: ThreadOwner) {
    const { resourceLimits, env, execArgv, errors } = options;
    this.#errors = classesOf(errors);
    this.#owner = owner;
    this.#worker = new Worker(main, {
      workerData: { url, claims: this.#claims.memory } satisfies ThreadData,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
      ...(env === undefined ? {} : { env: { ...env } }),
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.name = `thread-${this.#worker.threadId}`;
    this.#worker.on('message', (message: FromThread) => this.#see(message));
    this.#worker.on('messageerror', (error) => this.#fail(error));
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

  /** Whether it keeps the process alive: while it is running a call, or a call waits for it. */
  set isNeeded(isNeeded: boolean) {
    if (isNeeded === this.#isNeeded) return;
    this.#isNeeded = isNeeded;
    if (isNeeded) this.#worker.ref();
    else this.#worker.unref();
  }

  /** The running call, and those sent ahead. */
  get calls(): ThreadCall[] {
    return this.#calls.map(({ call }) => call);
  }

  get numCalls(): number {
    return this.#calls.length;
  }

  /** The number of further calls that it accepts. */
  get room(): number {
    if (!this.isReady || this.#isEnding) return 0;
    // Withdrawn calls keep their places until the thread has read them.
    return Math.min(this.#pace.most - this.#calls.length, PLACES - (this.#sent - this.#over));
  }

  /** Whether the running call takes so long that others should not wait behind it. */
  get isStalled(): boolean {
    return this.#calls.length > 0 && this.#pace.isStalled;
  }

  /** Sends a call, behind those that the thread has. A call that cannot be sent is rejected. */
  run(call: ThreadCall): void {
    const { number, name, args, trace } = call;
    const place = ++this.#sent;
    this.#claims.send(place);
    try {
      const parts = movedPartsOf(args) as Transferable[] | undefined;
      const sent = call.contextFor(this.#visible.get(name) ?? Number.POSITIVE_INFINITY);
      this.#worker.postMessage(
        ['call', number, place, name, args, sent, trace] satisfies ToThread,
        parts,
      );
    } catch (error) {
      this.#sent--;
      call.reject(cannotTravel('clone', args, 'arguments', error));
      return;
    }
    call.thread = this;
    this.isNeeded = true;
    if (this.#calls.push({ call, place }) === 1) this.#begins(call);
  }

  /** Takes back this many of the calls sent ahead, the last ones first, unless they have begun. */
  takeBack(count = this.#calls.length - 1): void {
    if (count < 1) return;
    this.#pace.slowDown();
    for (const { call } of this.#calls.slice(-count)) {
      if (this.withdraw(call)) this.#owner.requeue(call);
    }
  }

  withdraw(call: ThreadCall): boolean {
    const index = this.#calls.findIndex((each) => each.call === call);
    const sent = this.#calls[index];
    if (index < 1 || sent === undefined || !this.#claims.withdraw(sent.place)) return false;
    this.#calls.splice(index, 1);
    call.thread = undefined;
    return true;
  }

  post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** Ends the thread because a call does not stop, unless that call has just settled and another has begun. */
  endFor(call: ThreadCall): void {
    this.takeBack();
    if (this.#calls.length === 1 && this.#calls[0]?.call === call) void this.end();
  }

  /** Terminates the thread. */
  end(): Promise<void> {
    this.#isEnding = true;
    void this.#worker.terminate();
    return this.ended;
  }

  /** Whether it is being terminated. */
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
    const call = this.#calls[0]?.call;
    // Messages of a function that has settled already are ignored.
    if (call === undefined || call.number !== message[1]) return;
    switch (message[0]) {
      case 'returned':
        this.#pace.returned(message[3]);
        call.resolve(message[2]);
        this.#proceed();
        break;
      case 'threw':
        this.#fail(unpackError(message[2], this.#errors));
        break;
      case 'gaveIn':
        this.#fail(call.reason);
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

  /** The running call has failed. */
  #fail(error: unknown): void {
    if (this.#calls.length === 0) return;
    this.#calls[0]?.call.reject(error);
    this.#proceed();
  }

  /** The running call has ended: the thread begins the next one that was sent. */
  #proceed(): void {
    this.#over = this.#calls.shift()?.place ?? this.#over;
    const next = this.#calls[0];
    if (next !== undefined) this.#begins(next.call);
    if (!this.#isEnding) this.#owner.settled(this);
  }

  #begins(call: ThreadCall): void {
    this.#pace.began();
    call.context?.placed(this.name);
  }

  #exited(code: number): void {
    this.#isEnding = true;
    const hasBegun = this.isReady || this.#calls.length > 0;
    this.takeBack();
    for (const { call } of this.#calls.splice(0)) call.reject(this.#lost(code, call));
    if (!hasBegun) this.#owner.failed(this, this.#lost(code));
    this.#owner.gone(this);
  }

  #lost(code: number, call?: ThreadCall): WorkerLost {
    return workerLost({ name: this.name, code, crash: this.#crash }, call);
  }
}
