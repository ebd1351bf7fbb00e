/** Runs the work over all items of an input, on a task pool. */

import { availableParallelism } from 'node:os';
import type { PoolLimits, TaskGroup, TaskPool } from '../../index.ts';
import { summarizeError } from '../../printable/error.ts';
import { ExitCode, type ExitStatus } from '../exit.ts';
import { isExpectedError } from '../expected-error.ts';
import { mayExist, placeOf } from '../journal/place.ts';
import { Items } from './input/items.ts';
import { Failures } from './items/failures.ts';
import { Outcomes } from './items/outcomes.ts';
import { Performer } from './items/performer.ts';
import { isWorthwhile, Retrying } from './items/retrying.ts';
import { RunningItems } from './items/running-items.ts';
import { type EarlierRun, nothingEarlier } from './journal/earlier-run.ts';
import { JournalKeeping } from './journal/keeping.ts';
import { messageOf } from './output/messages.ts';
import { Printing } from './output/printing.ts';
import type { RunPlan } from './plan.ts';
import { newPool, resumedPool } from './pool-of-run.ts';
import type { RunCounts, Standing } from './progress/progress.ts';
import { reportOnSignals } from './progress/report.ts';
import { countsOf, standingOf } from './progress/standing.ts';
import { heldBackBy } from './progress/waiting.ts';
import { Halt } from './stopping/halt.ts';
import { stopOnSignals } from './stopping/interrupt.ts';
import { failing, type Stop } from './stopping/stop.ts';
import { Stopping } from './stopping/stopping.ts';
import { suspendOnSignals } from './stopping/suspend.ts';
import { followMachine, machineRules } from './terms/machine.ts';
import { keepAlive, turn } from './timers.ts';

/** A server. */
interface Closable {
  close(): Promise<void>;
}

export class Run {
  readonly #plan: RunPlan;
  readonly #earlier: EarlierRun;
  readonly #printing: Printing;
  readonly #items: Items;
  readonly #running = new RunningItems();
  readonly #stop: Stop;
  readonly #stopping: Stopping;
  readonly #outcomes: Outcomes;
  readonly #performer: Performer;
  #pool: TaskPool<PoolLimits> | undefined = undefined;
  #groups: readonly TaskGroup<unknown>[] = [];
  #total: number | undefined = undefined;
  readonly #startedAt = performance.now();

  constructor(plan: RunPlan) {
    const { header, outlets, attempts, journal, log, earlier = nothingEarlier() } = plan;
    this.#plan = plan;
    this.#earlier = earlier;
    this.#stopping = new Stopping(plan, this.#running);
    this.#stop = this.#stopping.stop;
    log.onFailed = (message) => this.#stopping.onIncomplete(message);
    this.#printing = new Printing(header, outlets, earlier, journal !== undefined, (error) =>
      this.#stopping.onBroken(error),
    );
    this.#items = new Items(plan.reader, this.#printing.order, earlier, {
      onEnd: (total) => {
        this.#total = total;
      },
      onError: (error) =>
        this.#stop.drain(failing(`the rest of the input cannot be read: ${messageOf(error)}`)),
    });
    const parts = {
      plan,
      earlier,
      log,
      items: this.#items,
      running: this.#running,
      retrying: new Retrying(attempts.retries ?? 0, earlier),
      failures: new Failures(),
      printing: this.#printing,
      messages: outlets.messages,
      stop: this.#stop,
    };
    this.#outcomes = new Outcomes(parts);
    const onBegin = (id: number, index: number) => this.#outcomes.begin(id, index);
    this.#performer = new Performer({ ...parts, onBegin });
  }

  /** Resolves with the exit status of the process. */
  async run(): Promise<ExitStatus> {
    const letEnd = keepAlive();
    const ignoreSignals = stopOnSignals(this.#stop);
    const ignoreSuspend = suspendOnSignals(this.#plan.time, this.#plan.processes);
    const { messages } = this.#plan.outlets;
    const ignoreQuestions = reportOnSignals(messages, this.#running, () => this.standing());
    void this.#plan.total.then((total) => {
      this.#total ??= total;
    });
    try {
      const status = await this.#runItems();
      // An interrupted run ends by its signal even if all is done, so that a surrounding script stops.
      return this.#stop.signal ?? status;
    } finally {
      ignoreSignals();
      ignoreSuspend();
      ignoreQuestions();
      letEnd();
    }
  }

  async #runItems(): Promise<ExitStatus> {
    const pool = await this.#openPool();
    const unfollow = followMachine(pool.limits, machineRules(this.#plan.limits));
    const servers = [await this.#serveControl(pool), await this.#serveDashboard(pool)];
    await Promise.race([pool.untilIdle(), this.#stop.began]);
    unfollow();
    // Outcomes of this turn are still to be recorded.
    await turn();
    const status = this.#stop.isStopping ? await this.#breakOff() : await this.#finish(pool);
    await Promise.all(servers.map((server) => server?.close()));
    return status;
  }

  /** The outcome counts so far. */
  get tally(): RunCounts {
    return {
      ...this.#counts,
      aborted: this.#running.numAborted,
      retries: this.#outcomes.numRetries,
      delayed: this.#outcomes.numDelayed,
      total: this.#total,
      elapsed: performance.now() - this.#startedAt,
    };
  }

  /** The progress; durations come from the statistics of the pool, which start with the first call. */
  async standing(): Promise<Standing> {
    const pool = this.#pool;
    const statistics = await pool?.statistics();
    const { isStopping } = this.#stop;
    const by = pool === undefined || isStopping ? undefined : heldBackBy(pool, this.#groups);
    return { ...standingOf(this.tally, by, statistics, this.#running), isStopping };
  }

  async #openPool(): Promise<TaskPool<PoolLimits>> {
    const plan = this.#plan;
    const earlier = this.#earlier;
    const { header, journal, concurrency, attempts, limits, time } = plan;
    const isNew = journal === undefined || plan.earlier === undefined;
    const poolPlan = {
      header,
      perform: this.#performer.perform,
      sources: this.#items.sources(earlier),
      earlier,
      poolSize: isNew ? (concurrency ?? availableParallelism()) : concurrency,
      attempts,
      limits,
      isChangeable: (plan.control ?? plan.dashboard) !== undefined,
      when: (error: unknown) => this.#isTriedAgain(error),
      time,
      logger: { info: plan.outlets.messages.logger.info, error: this.#logError },
    };
    const { pool, groups } = isNew
      ? newPool(poolPlan, journal)
      : await resumedPool(poolPlan, journal);
    this.#pool = pool;
    this.#groups = groups;
    if (journal !== undefined) {
      const { keeping, begins } = earlier;
      const keeps = (group: string) => group === begins || keeping.has(group);
      this.#performer.keeping = new JournalKeeping(pool, keeps);
    }
    this.#stopping.watch(pool, this.#outcomes);
    const halt = new Halt(plan.halt, this.#stop, this.#counts);
    this.#outcomes.watch(pool, {
      onEnded: () => halt.check(() => ({ ...this.#counts, total: this.#total })),
      onCutShort: (message) => this.#stopping.onIncomplete(message),
      onJournalFailed: (message) => this.#stopping.onJournalFailed(message),
    });
    // Earlier versions paused the groups when they stopped.
    for (const group of groups) group.resume();
    return pool;
  }

  get #counts() {
    return countsOf(this.#outcomes.totals, this.#earlier.superseded);
  }

  /** A run that stops permanently retries nothing; a resumable one leaves retries to the next process. */
  #isTriedAgain(error: unknown): boolean {
    return isWorthwhile(error) && (!this.#stop.isStopping || this.#stop.isResumable);
  }

  async #serveControl(pool: TaskPool<PoolLimits>): Promise<Closable | undefined> {
    const { control, outlets } = this.#plan;
    if (control === undefined) return undefined;
    try {
      const { serveControl } = await import('./control-server.ts');
      return await serveControl(pool, control, outlets.messages.logger);
    } catch (error) {
      this.#stop.cancel(failing(`no control server: ${summarizeError(error).message}`));
      return undefined;
    }
  }

  async #serveDashboard(pool: TaskPool<PoolLimits>): Promise<Closable | undefined> {
    const { dashboard } = this.#plan;
    if (dashboard === undefined) return undefined;
    try {
      const { serveDashboard } = await import('./dashboard.ts');
      return await serveDashboard(pool, dashboard, this.#plan.outlets.messages);
    } catch (error) {
      this.#stop.cancel(failing(`no dashboard: ${summarizeError(error).message}`));
      return undefined;
    }
  }

  readonly #logError = (...data: unknown[]): void => {
    // A failure of the journal is an event, and handled as such.
    if (this.#outcomes.isJournalOver && data.some(isExpectedError)) return;
    this.#plan.outlets.messages.logger.error(...data);
  };

  /** Ends a run in which all items are done. */
  async #finish(pool: TaskPool<PoolLimits>): Promise<ExitStatus> {
    // Even the last results may find a full disk or no reader.
    await this.#printing.flushed().catch(() => {});
    const status = this.#statusOfItems;
    // Otherwise another process may retry the failed items in the same pool.
    if (status === ExitCode.fine || this.#plan.journal === undefined) {
      await pool.gatherAndClose({ returnExceptions: true });
    }
    if (this.#plan.journal !== undefined) await pool.checkpoint().catch(() => {});
    return status;
  }

  /** Ends a run in which some items were not started, or not completed. */
  async #breakOff(): Promise<ExitStatus> {
    const { journal, outlets } = this.#plan;
    await this.#stopping.atRest();
    // With a journal, held results are stored and printed after the item that is done again.
    if (journal === undefined) this.#printing.order.release();
    await this.#printing.flushed().catch(() => {});
    if (this.#stopping.isComplete) return this.#statusOfItems;
    const place = journal === undefined ? undefined : placeOf(journal);
    // Unless the journal was deleted meanwhile.
    if (place !== undefined && mayExist(place)) outlets.messages.say(`${place} can be resumed`);
    return this.#stopping.fault?.status ?? this.#stop.reason?.status ?? ExitCode.failed;
  }

  get #statusOfItems(): ExitStatus {
    const { failed, cancelled } = this.#counts;
    const status = failed + cancelled === 0 ? ExitCode.fine : ExitCode.failed;
    return this.#stopping.fault?.status ?? status;
  }
}
