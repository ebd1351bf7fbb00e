/** One call on its way to a thread and back. */

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
  /** Takes a call back that has not begun there; returns whether it was so. */
  withdraw(call: ThreadCall): boolean;
  /** Ends it, whatever it does, if that call is what it runs. */
  endFor(call: ThreadCall): void;
}

/** What a call asks of the threads. */
export interface CallKeeper {
  /** It is not to begin any more. */
  drop(call: ThreadCall): void;
  /** Milliseconds that a function has to settle once its signal is aborted. */
  readonly grace: number;
}

/** The place of a call that is in no line. */
export const OUTSIDE = -1;

let calls = 0;

export class ThreadCall implements LineEntry<ThreadCall> {
  /** No other of this process has it. */
  readonly number = ++calls;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly context: TaskContext | undefined;
  readonly promise: Promise<unknown>;
  /** Its place in the line of calls that wait. */
  readonly score = 0;
  place = OUTSIDE;
  previous: ThreadCall | undefined = undefined;
  next: ThreadCall | undefined = undefined;
  /** The one that it was sent to; undefined while it waits. */
  thread: RunningThread | undefined = undefined;
  /** Why the thread that runs it is being ended, if it is. */
  endedBecause: string | undefined = undefined;
  /** Of the one who calls. */
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

  /** Calls that wait are served in the order in which they were made, also those that are taken back. */
  get arrival(): number {
    return this.number;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  /** What it was aborted with. */
  get reason(): unknown {
    return this.#reason;
  }

  /** What of its context goes along with a function that sees so many arguments: mostly nothing. */
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

  /** Asks it to stop, and ends its thread if it has not after the grace. */
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

  /** Waits for the store on behalf of the far side. */
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
