/** One call on its way to a thread and back. */

import type { TaskContext } from '../index.ts';
import { type PackedError, packError } from '../remote/errors.ts';
import { injectTrace, type TraceCarrier } from '../remote/trace.ts';
import type { SentContext, ToThread } from './messages.ts';

/** The thread that runs a call. */
interface RunningThread {
  readonly name: string;
  post(message: ToThread): void;
  /** Ends it, whatever it does. */
  end(): Promise<void>;
}

/** What a call asks of the threads. */
export interface CallKeeper {
  /** It is not to begin any more. */
  drop(call: ThreadCall): void;
  /** Milliseconds that a function has to settle once its signal is aborted. */
  readonly grace: number;
}

let calls = 0;

export class ThreadCall {
  /** No other of this process has it. */
  readonly number = ++calls;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly context: TaskContext | undefined;
  readonly promise: Promise<unknown>;
  /** The one that runs it; undefined while none does. */
  thread: RunningThread | undefined = undefined;
  /** Why the thread that runs it is being ended, if it is. */
  endedBecause: string | undefined = undefined;
  /** Of the one who calls. */
  readonly trace: TraceCarrier | undefined = injectTrace();
  readonly #keeper: CallKeeper;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  #isAborted = false;
  #reason: unknown = undefined;
  readonly #onAbort = (): void => this.abort(this.context?.signal.reason);

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
    const signal = context?.signal;
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
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
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    const { thread } = this;
    if (thread === undefined) {
      this.#keeper.drop(this);
      this.reject(reason);
      return;
    }
    thread.post(['abort', this.number, packError(reason)]);
    const { grace } = this.#keeper;
    if (grace === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => {
      this.endedBecause = `${this.name}() did not stop within ${grace} ms after it was asked to`;
      this.context?.log(`${thread.name} is ended: ${this.endedBecause}`);
      void thread.end();
    }, grace);
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
    clearTimeout(this.#timer);
    this.thread = undefined;
    if (!this.#isAborted) this.context?.signal.removeEventListener('abort', this.#onAbort);
  }
}
