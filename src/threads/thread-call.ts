/** A call from the pool to a thread. */

import type { TaskContext } from '../index.ts';
import { later } from '../kit/later.ts';
import type { LineEntry } from '../kit/ordered-line.ts';
import { type PackedError, packError } from '../remote/errors.ts';
import { injectTrace, type TraceCarrier } from '../remote/trace.ts';
import type { SentContext, ToThread } from './messages.ts';

/** The thread that runs a call. */
interface RunningThread {
  readonly name: string;
  post(message: ToThread): void;
  /** Takes back a call that has not begun there; returns whether that succeeded. */
  withdraw(call: ThreadCall): boolean;
  /** Ends the thread if it is running that call. */
  endFor(call: ThreadCall): void;
}

/** The owner of calls. */
export interface CallKeeper {
  /** Called with an aborted call that has not begun. */
  drop(call: ThreadCall): void;
  /** Milliseconds for a function to settle after its signal is aborted. */
  readonly grace: number;
}

/** The place of a call that is not queued. */
export const OUTSIDE = -1;

let calls = 0;

export class ThreadCall implements LineEntry<ThreadCall> {
  /** Unique within this process. */
  readonly number = ++calls;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly context: TaskContext | undefined;
  readonly promise: Promise<unknown>;
  /** All calls have the same priority in the queue. */
  readonly score = 0;
  place = OUTSIDE;
  previous: ThreadCall | undefined = undefined;
  next: ThreadCall | undefined = undefined;
  /** The thread it was sent to; undefined while it is queued. */
  thread: RunningThread | undefined = undefined;
  /** Why the thread that runs it is being ended, if it is. */
  endedBecause: string | undefined = undefined;
  /** The trace of the caller. */
  readonly trace: TraceCarrier | undefined = injectTrace();
  readonly #keeper: CallKeeper;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #stopTimer: (() => void) | undefined = undefined;
  #isAborted = false;
  #isOver = false;
  #reason: unknown = undefined;
  constructor(
    name: string,
    args: readonly unknown[],
    context: TaskContext | undefined,
    keeper: CallKeeper,
  ) {
    this.name = name;
    this.args = args;
    this.context = context;
    this.#keeper = keeper;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    context?.onAbort((reason) => this.abort(reason));
  }

  /** Queued calls are served in the order in which they were made, including those that were taken back. */
  get arrival(): number {
    return this.number;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  /** The reason of the abort. */
  get reason(): unknown {
    return this.#reason;
  }

  /** The part of the context to send to a function that sees this many arguments: usually none. */
  contextFor(visible: number): SentContext | undefined {
    const { context } = this;
    if (context === undefined) return undefined;
    const isPassed = context.isPassed && visible > this.args.length;
    if (!isPassed && this.trace === undefined) return undefined;
    const { id, index, attempt, groupName, functionName, poolName } = context;
    const { uid, epoch } = context.pool;
    const names = [groupName, functionName, poolName] as const;
    return [id, index, attempt, ...names, uid, epoch, isPassed];
  }

  /** Aborts the call; if it does not settle within the grace period, its thread is ended. */
  abort(reason: unknown): void {
    if (this.#isAborted || this.#isOver) return;
    this.#isAborted = true;
    this.#reason = reason;
    const { thread } = this;
    if (thread === undefined || thread.withdraw(this)) {
      this.#keeper.drop(this);
      this.reject(reason);
      return;
    }
    thread.post(['abort', this.number, packError(reason)]);
    const { grace } = this.#keeper;
    this.#stopTimer = later(grace, () => {
      this.endedBecause = `${this.name}() did not stop within ${grace} ms after it was asked to`;
      this.context?.log(`${thread.name} is ended: ${this.endedBecause}`);
      thread.endFor(this);
    });
  }

  /** Waits for the store on behalf of the thread. */
  async answerStored(): Promise<void> {
    let failure: PackedError | undefined;
    try {
      await this.context?.untilStored();
    } catch (error) {
      failure = packError(error);
    }
    this.thread?.post(['stored', this.number, failure]);
  }

  resolve(value: unknown): void {
    this.#release();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#release();
    this.#reject(error);
  }

  #release(): void {
    this.#stopTimer?.();
    this.thread = undefined;
    this.#isOver = true;
  }
}
