/** One attempt of an item, and its outcome. */

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
  /** Milliseconds of `performance.now()`. */
  readonly startedAt = performance.now();
  /** When the work began, and when it ended: milliseconds since the epoch. */
  begunAt = Date.now();
  endedAt = 0;
  /** What it failed with. */
  error: unknown = undefined;
  /** Whether what it had printed before it failed is on its way to stdout. */
  isPrinted = false;
  /** Called when the work begins. */
  onBegin: () => void = () => {};
  /** There if it took too long by the measure of the others. */
  late: TaskTimedOut | undefined = undefined;
  readonly #context: TaskContext;
  #controller: AbortController | undefined = undefined;
  #stopListening: (() => void) | undefined = undefined;
  /** There if it was cut short. */
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

  /** Of its task. */
  get id(): number {
    return this.#context.id;
  }

  begin(place?: string): void {
    this.begunAt = Date.now();
    this.onBegin();
    if (place !== undefined) this.#context.placed(place);
  }

  /** Made when someone asks for it, as that of the task is. */
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

  /** Whether it has no end of its own, so that the item is done again when the run is resumed. */
  get isCutShort(): boolean {
    return this.#aborted !== undefined && !this.#context.signal.aborted;
  }

  /** Cuts it short: its task is neither cancelled nor over, and its journal says nothing of that. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
  }

  /** Aborts it as its task would be: it has failed, whatever it does about that. */
  timeOut(error: TaskTimedOut): void {
    this.late = error;
    this.#controller?.abort(error);
  }

  /** It has come to its end. */
  end(): void {
    this.endedAt = Date.now();
    this.output.end();
    this.#stopListening?.();
  }
}
