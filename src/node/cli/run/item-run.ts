/** An item at work: its attempts, and the signal that ends them. */

import type { TaskContext } from '../../../index.ts';
import { whenAborted } from '../../../kit/on-abort.ts';
import { isError } from '../../../kit/realms.ts';
import { WakeUp } from '../../../kit/wake-up.ts';
import type { PlacedItem } from '../journal/item-tasks.ts';
import { CommandOutput } from './output/command-output.ts';
import type { OutputMaker } from './output/live-output.ts';
import { reportsOfOutput } from './output/stored-result.ts';
import type { Report } from './reporting.ts';
import type { RunningTime } from './running-time.ts';
import type { Attempt, Work } from './work.ts';

export class ItemRun implements Attempt {
  readonly item: unknown;
  /** When it was begun: milliseconds of `performance.now()`. */
  readonly startedAt = performance.now();
  /** How often it was tried, this time included. */
  attempts = 0;
  /** What the last attempt has printed. */
  output = new CommandOutput();
  /** When it was tried last: milliseconds since the epoch. */
  triedAt = 0;
  /** Which of those at work at the same time it is, from 1. */
  slot = 1;
  /** The place of the item in the input, from 1. */
  readonly place: number;
  readonly report: Report;
  readonly #context: TaskContext;
  readonly #time: RunningTime;
  readonly #newOutput: OutputMaker;
  #controller: AbortController | undefined = undefined;
  /** Why the present attempt was aborted. */
  #aborted: { readonly reason: unknown } | undefined = undefined;
  /** Milliseconds that the present attempt may take. */
  #timeout: number | undefined = undefined;
  #cancelTimeout: (() => void) | undefined = undefined;
  /** There if it took longer. */
  #late: DOMException | undefined = undefined;
  #isStopped = false;
  /** Wakes the wait before the next attempt. */
  readonly #pause = new WakeUp();
  #unlink: (() => void) | undefined = undefined;

  /**
   * @param context of its task.
   * @param report puts into the journal what it came to.
   * @param newOutput makes what takes the output of an attempt.
   */
  constructor(
    { index, item }: PlacedItem,
    context: TaskContext,
    time: RunningTime,
    report: Report,
    newOutput: OutputMaker = () => new CommandOutput(),
  ) {
    this.item = item;
    this.place = index + 1;
    this.#context = context;
    this.#time = time;
    this.report = report;
    this.#newOutput = newOutput;
  }

  /** Whether nothing is to be tried again: the task was cancelled, or the run was cut short. */
  get isStopped(): boolean {
    return this.#isStopped || this.#context.signal.aborted;
  }

  async attempt(work: Work, timeout: number | undefined): Promise<unknown> {
    this.attempts++;
    this.triedAt = Date.now();
    this.output = this.#newOutput(this.item);
    this.#aborted = undefined;
    this.#controller = undefined;
    this.#timeout = timeout;
    this.#late = undefined;
    try {
      const result = await work(this.item, this.#contextOfAttempt(), this);
      if (this.#late === undefined) return result;
    } catch (error) {
      if (this.#late === undefined || this.isStopped) throw error;
    } finally {
      this.#cancelTimeout?.();
      this.output.end();
      this.#unlink?.();
      this.#unlink = undefined;
    }
    // One that took too long has failed, whatever it did about the abort.
    throw this.#late;
  }

  begin(): void {
    this.triedAt = Date.now();
    const timeout = this.#timeout;
    if (timeout === undefined) return;
    this.#cancelTimeout = this.#time.after(timeout, () => {
      this.#late = new DOMException(`took longer than ${timeout / 1000} s`, 'TimeoutError');
      this.#abort(this.#late);
    });
  }

  /** Aborts the present attempt, or ends the pause before the next one. */
  stop(reason: unknown): void {
    this.#isStopped = true;
    this.#abort(reason);
    this.#pause.wake();
  }

  /** Notes in the journal that an attempt failed and another one will follow. */
  async reportFailure(error: unknown): Promise<void> {
    const { name, message } = isError(error)
      ? error
      : { name: typeof error, message: String(error) };
    const attempt = this.#attemptNumber + 1;
    if (this.output.length === 0) return this.report([{ attempt, after: { name, message } }]);
    await this.report(
      reportsOfOutput(this.output, (printed) => {
        return { attempt, after: { name, message, printed } };
      }),
    );
  }

  /** Waits, unless it is stopped. */
  async pause(milliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.#pause.wake(), milliseconds);
    await this.#pause.wait(this.#context.signal);
    clearTimeout(timer);
  }

  /** Attempts of this process, after those of the processes that the run was resumed from. */
  get #attemptNumber(): number {
    return this.#context.attempt - 1 + this.attempts;
  }

  #abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(this.#aborted.reason);
  }

  /** The signal is made when somebody asks for it, as that of the task is. */
  get #signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
      const { signal } = this.#context;
      this.#unlink = whenAborted(signal, () => this.#abort(signal.reason));
    }
    return this.#controller.signal;
  }

  #contextOfAttempt(): TaskContext {
    const context = this.#context;
    const signalOf = () => this.#signal;
    return {
      // Own and enumerable, so that it survives being copied.
      get signal() {
        return signalOf();
      },
      id: context.id,
      index: this.place - 1,
      attempt: this.#attemptNumber,
      groupName: context.groupName,
      poolName: context.poolName,
      report: context.report,
      log: context.log,
    };
  }
}
