/** An attempt of an item, with its times, output and abort signal. */

import type { TaskContext, TaskTimedOut } from '../../../index.ts';
import { LateAbort } from '../../../kit/late-abort.ts';
import type { PlacedItem } from '../../journal/item-tasks.ts';
import type { CommandOutput } from '../output/command-output.ts';
import type { Attempt } from '../work/work.ts';

export class ItemAttempt implements Attempt {
  readonly item: unknown;
  readonly index: number;
  readonly output: CommandOutput;
  readonly slot: number;
  /** In milliseconds of `performance.now()`. */
  readonly startedAt = performance.now();
  /** The start and end of the work: milliseconds since the epoch. */
  begunAt = Date.now();
  endedAt = 0;
  /** The error of a failed attempt. */
  error: unknown = undefined;
  /** Whether the output of the failed attempt was passed on to be printed. */
  isPrinted = false;
  /** Whether the line about its failure is on its way to stderr. */
  isReported = false;
  /** Called when the work begins. */
  onBegin: () => void = () => {};
  /** Set if it exceeded the relative timeout. */
  late: TaskTimedOut | undefined = undefined;
  readonly #context: TaskContext;
  readonly #abort = new LateAbort();
  /** Whether the abort signal of the task is observed, which begins on the first access to the abort state. */
  #followsTask = false;
  /** Whether it was aborted without an outcome. */
  #wasCutShort = false;

  constructor(
    { index, item }: PlacedItem,
    context: TaskContext,
    output: CommandOutput,
    slot: number,
  ) {
    this.index = index;
    this.item = item;
    this.#context = context;
    this.output = output;
    this.slot = slot;
  }

  /** The id of the task. */
  get id(): number {
    return this.#context.id;
  }

  begin(place?: string): void {
    this.begunAt = Date.now();
    this.onBegin();
    if (place !== undefined) this.#context.placed(place);
  }

  /** Created on first access, like the signal of the task. */
  get signal(): AbortSignal {
    this.#followTask();
    return this.#abort.signal;
  }

  onAbort(callback: (reason: unknown) => void): void {
    this.#followTask();
    this.#abort.onAbort(callback);
  }

  throwIfAborted(): void {
    this.#followTask();
    if (this.#abort.isAborted) throw this.#abort.reason;
  }

  /** Whether it was aborted without an outcome, so that the item is done again when the run is resumed. */
  get isCutShort(): boolean {
    return this.#wasCutShort && !this.#context.signal.aborted;
  }

  /** Aborts the work without an outcome: its task is not cancelled, and the journal records nothing. */
  abort(reason: unknown): void {
    this.#wasCutShort = true;
    this.#abortWith(reason);
  }

  /** Aborts the work on timeout, as the pool would: the attempt has failed, however the work reacts. */
  timeOut(error: TaskTimedOut): void {
    this.late = error;
    this.#abortWith(error);
  }

  /** Ends the attempt. */
  end(): void {
    this.endedAt = Date.now();
    this.output.end();
  }

  #followTask(): void {
    if (this.#followsTask) return;
    this.#followsTask = true;
    this.#context.onAbort((reason) => {
      if (this.endedAt === 0) this.#abortWith(reason);
    });
  }

  /** Only the first reason counts. */
  #abortWith(reason: unknown): void {
    if (!this.#abort.isAborted) this.#abort.abort(reason);
  }
}
