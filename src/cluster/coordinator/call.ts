/** A pending call: a job in Redis, and the promise of its result. */

import type { TaskContext } from '../../index.ts';
import type { JobData } from '../wire.ts';

/** The state of a call. */
export type CallState = 'adding' | 'sending' | 'added' | 'over';

/** The data of a call. */
export interface CallTerms {
  readonly jobId: string;
  readonly functionName: string;
  readonly data: JobData;
}

/** Notified of events of a call. */
export interface CallOwner {
  /** Its task was cancelled. */
  abort(call: Call, reason: unknown): void;
  /** It has ended. */
  over(call: Call): void;
}

export class Call implements CallTerms {
  readonly jobId: string;
  readonly functionName: string;
  readonly data: JobData;
  /** The context of the task; undefined outside of a pool, and until a recovered call is attached. */
  context: TaskContext | undefined;
  state: CallState = 'adding';
  /** When it was last known to be pending, in milliseconds of `performance.now()`. */
  seenAt = 0;
  /** When it was created, by the same clock. */
  readonly since = performance.now();
  /** The worker that runs it, if it is known. */
  by: string | undefined = undefined;
  /** Set if it is to be cancelled. */
  abort: { readonly reason: unknown } | undefined = undefined;
  /** Whether its job is left to the process that recovers the pool. */
  isAbandoned = false;
  /** The set that holds its job after it has ended; undefined if there is no job any more. */
  end: 'completed' | 'failed' | undefined = undefined;
  /** Undefined until the result is awaited. */
  #owner: CallOwner | undefined = undefined;
  readonly promise: Promise<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor({ jobId, functionName, data }: CallTerms, context: TaskContext | undefined) {
    this.jobId = jobId;
    this.functionName = functionName;
    this.data = data;
    this.context = context;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Sets the context of a recovered call. */
  attach(context: TaskContext): void {
    this.context = context;
    if (this.by !== undefined) context.placed(this.by);
  }

  /** Sets the owner, which is notified immediately if the call has ended already. */
  attend(owner: CallOwner): void {
    this.#owner = owner;
    if (this.isOver) {
      owner.over(this);
      return;
    }
    this.context?.onAbort((reason) => {
      if (!this.isOver) owner.abort(this, reason);
    });
  }

  /** A worker runs it; it may be another one than before. */
  placed(by: string): void {
    if (this.by === by) return;
    this.by = by;
    this.context?.placed(by);
  }

  /** Its worker has given it back: it waits for another one. */
  unplaced(): void {
    this.by = undefined;
  }

  fulfil(value: unknown): void {
    this.#end();
    this.#resolve(value);
  }

  fail(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  /** Like {@link fail}, but keeps its job in Redis. */
  abandon(error: unknown): void {
    this.isAbandoned = true;
    this.fail(error);
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  #end(): void {
    this.state = 'over';
    this.#owner?.over(this);
  }
}
