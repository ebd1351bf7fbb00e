/** Runs a piece of work over all items of an input. */

import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import type { TaskContext, TaskGroup, TaskPool } from '../../../index.ts';
import { summarizeError } from '../../../printable/error.ts';
import { ExitCode, type ExitStatus } from '../exit.ts';
import { isExpectedError } from '../expected-error.ts';
import { itemOfTask, type PlacedItem, placedItem } from '../journal/item-tasks.ts';
import type { Attempts } from './attempts.ts';
import type { RunControl } from './control-server.ts';
import { type EarlierRun, nothingEarlier } from './earlier-run.ts';
import { ProgramMissing } from './exec/programs.ts';
import { Halt } from './halt.ts';
import { Items } from './input/items.ts';
import { stopOnSignals } from './interrupt.ts';
import { ItemRun } from './item-run.ts';
import { Failures } from './output/failures.ts';
import { LiveOutputs } from './output/live-output.ts';
import { type Messages, messageOf } from './output/messages.ts';
import type { Order } from './output/order.ts';
import { orderOf } from './output/order-of-run.ts';
import { printed, printedFailure } from './output/result-format.ts';
import type { Sink } from './output/sink.ts';
import { CANCELLED, reportsOfFailure, reportsOfResult } from './output/stored-result.ts';
import type { RunPlan } from './plan.ts';
import { newPool, resumedPool } from './pool-of-run.ts';
import type { Standing } from './progress/progress.ts';
import { type Report, reportAll, reportLast } from './reporting.ts';
import { countsOf, standingOf } from './standing.ts';
import { failing, RunStopped, Stop, type StopReason } from './stop.ts';
import { suspendOnSignals } from './suspend.ts';
import { NotBegun } from './work.ts';

export class Run {
  readonly #plan: RunPlan;
  readonly #messages: Messages;
  readonly #sink: Sink;
  readonly #order: Order;
  /** There if what commands print is passed on while they run. */
  readonly #live: LiveOutputs | undefined;
  readonly #items: Items;
  readonly #attempts: Attempts;
  readonly #stop: Stop;
  #pool: TaskPool | undefined = undefined;
  #groups: readonly TaskGroup<unknown>[] = [];
  /** The indices of the items of tasks that have not ended. */
  readonly #indices: Map<number, number>;
  readonly #earlier: EarlierRun;
  readonly #failures: Failures;
  #total: number | undefined = undefined;
  /** Something that makes the whole run a failure, whatever its items came to. */
  #fault: StopReason | undefined = undefined;
  /** Whether the journal takes nothing more. */
  #isJournalOver = false;
  readonly #startedAt = performance.now();

  constructor(plan: RunPlan) {
    const { header, outlets, earlier = nothingEarlier() } = plan;
    this.#plan = plan;
    this.#earlier = earlier;
    this.#indices = new Map(earlier.open.map(({ id, index }) => [id, index]));
    this.#attempts = plan.attempts;
    this.#messages = outlets.messages;
    this.#sink = outlets.openSink({
      onProgress: () => {
        this.#order.poke();
        this.#live?.poke();
      },
      onBroken: (error) => this.#onBroken(error),
    });
    this.#failures = new Failures(this.#sink);
    this.#order = orderOf(header, this.#sink, earlier);
    this.#live = header.results.live
      ? new LiveOutputs(this.#sink, header.results, plan.journal !== undefined)
      : undefined;
    this.#items = new Items(plan.reader, this.#order, earlier, {
      onEnd: (total) => {
        this.#total = total;
      },
      onError: (error) =>
        this.#stop.drain(failing(`the rest of the input cannot be read: ${messageOf(error)}`)),
    });
    this.#stop = new Stop({
      onDrain: (reason) => this.#drain(reason),
      onCancel: (reason) => this.#cancel(reason),
    });
  }

  /** Resolves with what the process is to end with. */
  async run(): Promise<ExitStatus> {
    const ignoreSignals = stopOnSignals(this.#stop);
    const ignoreSuspend = suspendOnSignals(this.#plan.time, this.#plan.processes);
    void this.#plan.total.then((total) => {
      this.#total ??= total;
    });
    const pool = await this.#openPool();
    const server = await this.#serveControl(pool);
    let isFinished = false;
    const finished = pool.untilIdle().then(() => {
      isFinished = true;
    });
    await Promise.race([finished, this.#stop.stopped]);
    // What has come to an end in this turn is still to be recorded.
    await turn();
    const status = isFinished ? await this.#finish(pool) : await this.#breakOff(pool);
    await server?.close();
    ignoreSignals();
    ignoreSuspend();
    // A run that was interrupted ends as such even if all is done, so that a script around it stops.
    return this.#stop.signal ?? status;
  }

  /** How far it is. */
  get standing(): Standing {
    const counts = countsOf(this.#pool?.totals, this.#earlier.superseded);
    return standingOf(counts, this.#attempts, this.#total, this.#startedAt);
  }

  async #openPool(): Promise<TaskPool> {
    const { header, journal, concurrency } = this.#plan;
    const earlier = this.#earlier;
    const plan = {
      header,
      perform: this.#perform,
      sources: this.#items.sources(earlier),
      begins: earlier.begins,
      logger: { info: this.#messages.logger.info, error: this.#logError },
    };
    const isNew = journal === undefined || this.#plan.earlier === undefined;
    const { pool, groups } = isNew
      ? newPool({ ...plan, poolSize: concurrency ?? availableParallelism() }, journal)
      : await resumedPool({ ...plan, poolSize: concurrency }, journal);
    this.#pool = pool;
    this.#groups = groups;
    pool.on('task.queued', (event) => this.#indices.set(event.id, itemOfTask(event).index));
    const halt = new Halt(this.#plan.halt, this.#stop, this.standing);
    pool.on('task.ended', ({ id, outcome }) => {
      const index = this.#indices.get(id);
      this.#indices.delete(id);
      if (outcome !== 'fulfilled' && index !== undefined) this.#onFailed(id, index, outcome);
      halt.check(() => this.standing);
    });
    pool.on('group.cancelled', () => this.#onCutShort('the rest was cancelled'));
    pool.on('group.failed', ({ error }) => this.#onCutShort(error.message));
    pool.on('journal.failed', ({ error }) => this.#onJournalFailed(error.message));
    // They were paused by what stopped the run before.
    for (const group of groups) group.resume();
    return pool;
  }

  async #serveControl(pool: TaskPool): Promise<RunControl | undefined> {
    const { control } = this.#plan;
    if (control === undefined) return undefined;
    try {
      const { serveControl } = await import('./control-server.ts');
      return await serveControl(pool, control, this.#messages.logger);
    } catch (error) {
      this.#stop.cancel(failing(`no control server: ${summarizeError(error).message}`));
      return undefined;
    }
  }

  /** The function of every task. */
  readonly #perform = async (argument: unknown, context: TaskContext): Promise<void> => {
    const placed = placedItem(context.groupName, context.index, argument);
    this.#indices.set(context.id, placed.index);
    this.#items.take(placed.index);
    this.#stop.begin();
    try {
      const isPrinted = await this.#attempt(placed, context);
      if (isPrinted === undefined || !(await this.#isWritten(isPrinted))) return LEFT;
      const failure = this.#failures.of(context.id);
      if (failure !== undefined) throw failure.error;
    } finally {
      this.#stop.end();
    }
  };

  /**
   * Works on an item and prints what comes of it, if it is its turn: then true. Undefined if it was
   * cut short, so that it is to be done again when the run is resumed.
   */
  async #attempt(placed: PlacedItem, context: TaskContext): Promise<boolean | undefined> {
    const { header, journal } = this.#plan;
    const { index, item } = placed;
    const report = this.#reportOf(context);
    const run = new ItemRun(placed, context, this.#plan.time, report, this.#live?.make);
    try {
      const result = await this.#attempts.run(run);
      const printout = printed(result, item, header.results);
      if (journal !== undefined) await report(reportsOfResult(result));
      return this.#order.put(index, printout);
    } catch (error) {
      if (error instanceof ProgramMissing) this.#stop.cancel(failing(error.message));
      const isCutShort = this.#stop.isCancelling && !context.signal.aborted;
      if (isCutShort || error instanceof NotBegun) {
        if (isCutShort && !(error instanceof NotBegun)) this.#attempts.numAborted++;
        if (this.#live === undefined) this.#messages.passStderr(run.output);
        return undefined;
      }
      this.#failures.note(context.id, { item, error });
      return await this.#putFailure(run, context, error);
    }
  }

  #reportOf(context: TaskContext): Report {
    const { journal } = this.#plan;
    const history = this.#pool?.journal;
    if (journal === undefined || history === undefined) return reportLast(context);
    return reportAll(context, journal, history, () => this.#isJournalOver);
  }

  /** Prints what a command has printed before it failed. */
  async #putFailure(
    { item, place, output, report }: ItemRun,
    { signal }: TaskContext,
    error: unknown,
  ): Promise<boolean> {
    const index = place - 1;
    if (output.length === 0) return this.#order.skip(index);
    const { header, journal } = this.#plan;
    if (journal !== undefined) await report(reportsOfFailure(output));
    const message = signal.aborted ? CANCELLED : summarizeError(error).message;
    return this.#order.put(index, printedFailure(output, item, header.results, message));
  }

  /**
   * An item counts as done in the journal only when it is written, and with it all that waited for
   * it: a process that was killed in between would leave results that nobody ever sees.
   */
  async #isWritten(isPrinted: boolean): Promise<boolean> {
    if (this.#plan.journal === undefined || !isPrinted) return true;
    return this.#sink.flushed().then(
      () => true,
      () => false,
    );
  }

  #onFailed(id: number, index: number, outcome: 'rejected' | 'cancelled'): void {
    const item = this.#items.take(index);
    // It is not cancelled in the journal, so that it is run when the run is resumed.
    if (this.#isJournalOver && outcome === 'cancelled') return;
    // One that was never begun is not to be waited for.
    if (this.#failures.of(id) === undefined) this.#order.skip(index);
    this.#failures.report(id, outcome, item);
  }

  #drain({ message }: StopReason): void {
    for (const group of this.#groups) group.pause();
    const active = this.#stop.active - (this.#plan.processes?.dropWaiting() ?? 0);
    if (!this.#stop.isCancelling) {
      const what = active === 0 ? '' : `; waiting for ${active} (Ctrl-C aborts them)`;
      this.#messages.say(`${message}: no more is begun${what}`);
    }
  }

  #cancel({ message }: StopReason): void {
    // One whose reader has left has nobody to read messages, as a process that SIGPIPE ends.
    if (this.#fault?.status !== ExitCode.brokenPipe) {
      const { active } = this.#stop;
      const what = active === 0 ? '' : `: aborting ${active} (Ctrl-C leaves them)`;
      this.#messages.say(`${message}${what}`);
    }
    this.#attempts.stop(new RunStopped(message));
  }

  #onBroken(error: NodeJS.ErrnoException): void {
    this.#live?.poke();
    this.#fault =
      error.code === 'EPIPE'
        ? { status: ExitCode.brokenPipe, message: 'nobody reads the results' }
        : failing(`cannot write results: ${error.message}`);
    this.#stop.cancel(this.#fault);
  }

  readonly #logError = (...data: unknown[]): void => {
    // What has become of the journal is an event, and reported as such.
    if (this.#isJournalOver && data.some(isExpectedError)) return;
    this.#messages.logger.error(...data);
  };

  /** There are items that will never be begun, neither now nor later. */
  #onCutShort(message: string): void {
    if (this.#isJournalOver) return;
    this.#fault ??= failing(message);
    this.#messages.say(message);
  }

  /** The pool begins nothing more by itself. */
  #onJournalFailed(message: string): void {
    this.#isJournalOver = true;
    this.#fault = failing(`cannot write the journal: ${message}`);
    this.#stop.drain(this.#fault);
  }

  /** All items are done. */
  async #finish(pool: TaskPool): Promise<ExitStatus> {
    const { failed, cancelled } = this.standing;
    const isFine = this.#fault === undefined && failed + cancelled === 0;
    // What has failed may be run again by another process, in the same pool.
    if (isFine || this.#plan.journal === undefined) {
      await pool.gatherAndClose({ returnExceptions: true });
    }
    await this.#flush(pool);
    if (this.#isJournalOver) this.#sayResumable();
    return this.#fault?.status ?? (isFine ? ExitCode.fine : ExitCode.failed);
  }

  /** Some items were not begun, or not ended. */
  async #breakOff(pool: TaskPool): Promise<ExitStatus> {
    const { journal } = this.#plan;
    // What waits for an item that is to be done again is in the journal, and printed after it.
    if (journal === undefined) this.#order.release();
    await this.#flush(pool);
    this.#sayResumable();
    return this.#stop.reason?.status ?? ExitCode.failed;
  }

  #sayResumable(): void {
    const { journal } = this.#plan;
    if (journal !== undefined) this.#messages.say(`${journal.path} can be resumed`);
  }

  /** Waits until everything is written. That something cannot be written has been said. */
  async #flush(pool: TaskPool): Promise<void> {
    await this.#sink.flushed().catch(() => {});
    if (this.#plan.journal !== undefined) await pool.checkpoint().catch(() => {});
  }
}

/** What is never settled: a task that stays at work, as far as its journal can tell. */
const LEFT = new Promise<never>(() => {});
