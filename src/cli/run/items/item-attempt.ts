/** An attempt of an item, with its times, output and abort signal. */

import type { TaskContext, TaskTimedOut } from '../../../index.ts';
import { whenAborted } from '../../../kit/on-abort.ts';
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
  /** Called when the work begins. */
  onBegin: () => void = () => {};
  /** Set if it exceeded the relative timeout. */
  late: TaskTimedOut | undefined = undefined;
  readonly #context: TaskContext;
  #controller: AbortController | undefined = undefined;
  #stopListening: (() => void) | undefined = undefined;
  /** Set if it was aborted without an outcome. */
  #aborted: { readonly reason: unknown } | undefined = undefined;

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
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
      if (this.late !== undefined) this.#controller.abort(this.late);
      const { signal } = this.#context;
      this.#stopListening = whenAborted(signal, () => this.#controller?.abort(signal.reason));
    }
    return this.#controller.signal;
  }

  /** Whether it was aborted without an outcome, so that the item is done again when the run is resumed. */
  get isCutShort(): boolean {
    return this.#aborted !== undefined && !this.#context.signal.aborted;
  }

  /** Aborts the work without an outcome: its task is not cancelled, and the journal records nothing. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
  }

  /** Aborts the work on timeout, as the pool would: the attempt has failed, however the work reacts. */
  timeOut(error: TaskTimedOut): void {
    this.late = error;
    this.#controller?.abort(error);
  }

  /** Ends the attempt. */
  end(): void {
    this.endedAt = Date.now();
    this.output.end();
    this.#stopListening?.();
  }
}
