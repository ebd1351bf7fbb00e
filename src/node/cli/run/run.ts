/** Runs a piece of work over all items of an input. */

import { setImmediate as turn } from 'node:timers/promises';
import { type TaskContext, type TaskGroup, TaskPool } from '../../../index.ts';
import { ExitCode } from '../exit.ts';
import { type AttemptOptions, Attempts } from './attempts.ts';
import { describeHalt, type HaltRule, isReached } from './halt.ts';
import { type Input, readItems } from './input/input.ts';
import { Items } from './input/items.ts';
import { countItems } from './input/total.ts';
import { stopOnSignals } from './interrupt.ts';
import { label, type Messages, messageOf } from './output/messages.ts';
import { AsCompleted, InOrder, type Order } from './output/order.ts';
import type { Outlets } from './output/outlets.ts';
import { printed, type ResultFormat } from './output/result-format.ts';
import type { Sink } from './output/sink.ts';
import type { Standing } from './progress/progress.ts';
import { Stop, type StopReason } from './stop.ts';
import type { Work } from './work.ts';

/** The group that all items of a run are in. */
const GROUP = 'items';
/** How many of those that take longest are shown. */
const SLOWEST = 3;

/** How to run. */
export interface RunOptions {
  readonly input: Input;
  /** How many items are worked on at once. */
  readonly concurrency: number;
  readonly attempts: AttemptOptions;
  readonly halt: HaltRule | undefined;
  /** Whether results are printed in the order of the input, and not as they come. */
  readonly isOrdered: boolean;
  readonly format: ResultFormat;
}

export class Run {
  readonly #options: RunOptions;
  readonly #messages: Messages;
  readonly #sink: Sink;
  readonly #order: Order;
  readonly #items: Items;
  readonly #attempts: Attempts;
  readonly #stop: Stop;
  readonly #pool: TaskPool;
  #group: TaskGroup<void> | undefined = undefined;
  /** What items failed with, until it shows whether their tasks were cancelled or failed. */
  readonly #failures = new Map<number, { readonly item: unknown; readonly error: unknown }>();
  #total: number | undefined = undefined;
  /** Items whose work has not come to an end yet. */
  #active = 0;
  #onInactive: (() => void) | undefined = undefined;
  #isBroken = false;
  readonly #startedAt = performance.now();

  constructor(work: Work, options: RunOptions, outlets: Outlets) {
    this.#options = options;
    this.#messages = outlets.messages;
    this.#sink = outlets.openSink({
      onProgress: () => this.#order.poke(),
      onBroken: (error) => this.#onBroken(error),
    });
    this.#order = options.isOrdered ? new InOrder(this.#sink) : new AsCompleted(this.#sink);
    this.#items = new Items(readItems(options.input), this.#order, {
      onEnd: (total) => {
        this.#total = total;
      },
      onError: (error) => this.#stop.drain(failing(`cannot read on: ${messageOf(error)}`)),
    });
    this.#attempts = new Attempts(work, options.attempts);
    this.#stop = new Stop({
      onDrain: (reason) => this.#drain(reason),
      onCancel: (reason) => this.#cancel(reason),
    });
    this.#pool = new TaskPool({
      name: 'run',
      poolSize: options.concurrency,
      retain: 'none',
      journal: { size: 1024 },
      logger: this.#messages.logger,
    });
  }

  /** Resolves with the exit code. */
  async run(): Promise<number> {
    const ignoreSignals = stopOnSignals(this.#stop);
    this.#pool.on('task.ended', ({ id, outcome }) => this.#onEnded(id, outcome));
    void countItems(this.#options.input).then((total) => {
      this.#total ??= total;
    });
    this.#group = this.#pool.map(this.#perform, this.#items, {
      groupName: GROUP,
      numConcurrent: Number.POSITIVE_INFINITY,
    });
    let isFinished = false;
    const finished = this.#pool.untilIdle().then(() => {
      isFinished = true;
    });
    await Promise.race([finished, this.#inactive()]);
    // What has come to an end in this turn is still to be recorded.
    await turn();
    const exitCode = isFinished ? await this.#finish() : await this.#breakOff();
    ignoreSignals();
    return exitCode;
  }

  /** How far it is. */
  get standing(): Standing {
    const { fulfilled, rejected, cancelled } = this.#pool.totals;
    const now = performance.now();
    const slowest: Standing['slowest'][number][] = [];
    for (const { item, startedAt } of this.#attempts.running) {
      if (slowest.length === SLOWEST) break;
      slowest.push({ item: label(item), milliseconds: now - startedAt });
    }
    return {
      succeeded: fulfilled,
      failed: rejected,
      cancelled,
      running: this.#attempts.running.size,
      retries: this.#attempts.numRetries,
      total: this.#total,
      elapsed: now - this.#startedAt,
      slowest,
    };
  }

  /** The function of every task. */
  readonly #perform = async (item: unknown, context: TaskContext): Promise<void> => {
    this.#items.take(context.index);
    this.#active++;
    try {
      const result = await this.#attempts.run(item, context);
      this.#order.put(context.index, printed(result, item, this.#options.format));
    } catch (error) {
      if (this.#stop.isCancelling && !context.signal.aborted) return new Promise(() => {});
      this.#failures.set(context.id, { item, error });
      throw error;
    } finally {
      this.#active--;
      this.#checkActive();
    }
  };

  #onEnded(id: number, outcome: string): void {
    if (outcome !== 'fulfilled') {
      // Ids count the items, since the pool has no other tasks.
      const item = this.#items.take(id);
      const failure = this.#failures.get(id);
      this.#failures.delete(id);
      this.#order.skip(id);
      if (outcome === 'cancelled') this.#messages.cancelled(failure?.item ?? item);
      else this.#messages.failed(failure?.item, failure?.error);
    }
    this.#checkHalt();
  }

  #checkHalt(): void {
    const { halt } = this.#options;
    if (halt === undefined || this.#stop.isStopping) return;
    const { succeeded, failed, cancelled } = this.standing;
    if (!isReached(halt, { succeeded, failed: failed + cancelled, total: this.#total })) return;
    const exitCode = halt.why === 'success' ? ExitCode.fine : ExitCode.failed;
    const reason = { exitCode, message: `halt ${describeHalt(halt)}` };
    if (halt.when === 'now') this.#stop.cancel(reason);
    else this.#stop.drain(reason);
  }

  #drain({ message }: StopReason): void {
    this.#group?.pause();
    if (!this.#stop.isCancelling) {
      this.#messages.say(
        `${message}: no more is begun; waiting for ${this.#active} (Ctrl-C aborts them)`,
      );
    }
    this.#checkActive();
  }

  #cancel({ message }: StopReason): void {
    // One whose reader has left has nobody to tell, as a process that SIGPIPE ends.
    if (!this.#isBroken) {
      this.#messages.say(`${message}: aborting ${this.#active} (Ctrl-C leaves them)`);
    }
    this.#attempts.stop(new RunStopped(message));
  }

  #onBroken(error: NodeJS.ErrnoException): void {
    this.#isBroken = true;
    const isReaderGone = error.code === 'EPIPE';
    this.#stop.cancel({
      exitCode: isReaderGone ? ExitCode.brokenPipe : ExitCode.failed,
      message: isReaderGone ? 'nobody reads the results' : `cannot write results: ${error.message}`,
    });
  }

  /** Resolves when the run is stopping and nothing is at work any more. */
  #inactive(): Promise<void> {
    return new Promise((resolve) => {
      this.#onInactive = resolve;
      this.#checkActive();
    });
  }

  #checkActive(): void {
    if (this.#stop.isStopping && this.#active === 0) this.#onInactive?.();
  }

  /** All items are done. */
  async #finish(): Promise<number> {
    await this.#pool.gatherAndClose({ returnExceptions: true });
    await this.#flush();
    if (this.#isBroken) return this.#exitCodeOfStop;
    const { rejected, cancelled } = this.#pool.totals;
    return rejected + cancelled === 0 ? ExitCode.fine : ExitCode.failed;
  }

  /** Some items were not begun, or not ended. */
  async #breakOff(): Promise<number> {
    this.#order.release();
    await this.#flush();
    return this.#exitCodeOfStop;
  }

  get #exitCodeOfStop(): number {
    return this.#stop.reason?.exitCode ?? ExitCode.failed;
  }

  async #flush(): Promise<void> {
    // Who does not read any more has been told of.
    await this.#sink.flushed().catch(() => {});
  }
}

/** What the signals of items are aborted with when the run stops. */
class RunStopped extends Error {
  override readonly name = 'AbortError';
}

function failing(message: string): StopReason {
  return { exitCode: ExitCode.failed, message };
}
