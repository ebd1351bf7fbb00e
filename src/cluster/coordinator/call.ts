/** A call that is on its way: a job in Redis, and the promise of its result. */

import type { TaskContext } from '../../index.ts';
import type { JobData } from '../wire.ts';

/** Where a call is. */
export type CallState = 'adding' | 'sending' | 'added' | 'over';

/** What a call is about. */
export interface CallTerms {
  readonly jobId: string;
  readonly functionName: string;
  readonly data: JobData;
}

/** Who is notified of what happens to a call. */
export interface CallOwner {
  /** Its task was cancelled. */
  abort(call: Call, reason: unknown): void;
  /** It is over. */
  over(call: Call): void;
}

export class Call implements CallTerms {
  readonly jobId: string;
  readonly functionName: string;
  readonly data: JobData;
  /** The context of the task; undefined outside of a pool, and until a call of before is taken up again. */
  context: TaskContext | undefined;
  state: CallState = 'adding';
  /** When it was last known to be on its way, by `performance.now()`. */
  seenAt = 0;
  /** Since when it is there, by the same clock. */
  readonly since = performance.now();
  /** The worker that runs it, once that is known. */
  by: string | undefined = undefined;
  /** Whether it is to be cancelled, and why. */
  abort: { readonly reason: unknown } | undefined = undefined;
  /** Whether its job is left to the process that continues the work of the pool. */
  isAbandoned = false;
  /** Where its job is when it is over; undefined if it is nowhere. */
  end: 'completed' | 'failed' | undefined = undefined;
  /** Undefined until somebody waits for what comes of it. */
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

  /** Its task has a context again. */
  attach(context: TaskContext): void {
    this.context = context;
    if (this.by !== undefined) context.placed(this.by);
  }

  /** Its owner is notified from now on, at once of what has happened. */
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

  /** A worker runs it, or another one does. */
  placed(by: string): void {
    if (this.by === by) return;
    this.by = by;
    this.context?.placed(by);
  }

  /** It was given back: it waits for another worker. */
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

  /** As {@link fail}, and its job is left as it is. */
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
