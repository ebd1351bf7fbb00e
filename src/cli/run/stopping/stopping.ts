/** Coordinates the early end of a run: its messages, its pool, and its exit status. */

import type { PoolLimits, TaskPool } from '../../../index.ts';
import { ExitCode } from '../../exit.ts';
import type { Outcomes } from '../items/outcomes.ts';
import type { RunningItems } from '../items/running-items.ts';
import type { RunPlan } from '../plan.ts';
import { failing, RunStopped, Stop, type StopReason } from './stop.ts';
import { WindingDown } from './winding-down.ts';

export class Stopping {
  readonly stop: Stop;
  /** Makes the whole run a failure, whatever the outcomes of its items. */
  fault: StopReason | undefined = undefined;
  readonly #plan: Pick<RunPlan, 'journal' | 'processes' | 'outlets'>;
  readonly #running: RunningItems;
  #outcomes: Outcomes | undefined = undefined;
  #windingDown: WindingDown | undefined = undefined;
  #isComplete = false;

  constructor(plan: Pick<RunPlan, 'journal' | 'processes' | 'outlets'>, running: RunningItems) {
    this.#plan = plan;
    this.#running = running;
    this.stop = new Stop({
      onDrain: (reason) => this.#drain(reason),
      onCancel: (reason) => this.#cancel(reason),
    });
  }

  /** Sets the pool to be stopped. */
  watch(pool: TaskPool<PoolLimits>, outcomes: Outcomes): void {
    this.#outcomes = outcomes;
    this.#windingDown = new WindingDown(pool, this.#running, () => {
      this.#isComplete = pool.numPending === 0 && pool.numRunning === 0;
      outcomes.freeze();
    });
    // A signal may have arrived before there was a pool.
    const { reason, isResumable } = this.stop;
    if (reason !== undefined) this.#windingDown.begin(reason.message, isResumable);
  }

  /** Whether nothing was left to do, and the journal has recorded that. Valid once the run is at rest. */
  get isComplete(): boolean {
    return this.#isComplete && this.#outcomes?.isJournalOver !== true;
  }

  /** Resolves when nothing is running any more. */
  async atRest(): Promise<void> {
    await this.#windingDown?.atRest();
  }

  /** Called when nothing can be printed any more. */
  onBroken(error: NodeJS.ErrnoException): void {
    this.fault =
      error.code === 'EPIPE'
        ? { status: ExitCode.brokenPipe, message: 'nobody reads the results' }
        : failing(`cannot write results: ${error.message}`);
    this.stop.cancel(this.fault);
  }

  /** Called when some requested output cannot be completed; the run continues. */
  onIncomplete(message: string): void {
    this.fault ??= failing(message);
    this.#say(message);
  }

  /** Called when the journal has failed; the pool starts nothing more by itself. */
  onJournalFailed(message: string): void {
    this.fault = failing(`cannot write the journal: ${message}`);
    this.stop.drain(this.fault);
  }

  #drain({ message }: StopReason): void {
    const { journal, processes } = this.#plan;
    const isResumable = journal !== undefined && this.#outcomes?.isJournalOver !== true;
    this.stop.isResumable = isResumable;
    this.#windingDown?.begin(message, isResumable);
    const active = this.#running.size - (processes?.dropWaiting() ?? 0);
    if (!this.stop.isCancelling) {
      const what = active === 0 ? '' : `; waiting for ${active} (Ctrl-C aborts them)`;
      this.#say(`${message}: no further items start${what}`);
    }
    if (!isResumable) this.#outcomes?.giveUpRetries();
  }

  #cancel({ message }: StopReason): void {
    // Without a reader of stdout, stay silent like a process ended by SIGPIPE.
    if (this.fault?.status !== ExitCode.brokenPipe) {
      const { size } = this.#running;
      const what = size === 0 ? '' : `: aborting ${size} (Ctrl-C exits at once)`;
      this.#say(`${message}${what}`);
    }
    this.#running.abort(new RunStopped(message));
  }

  #say(text: string): void {
    this.#plan.outlets.messages.say(text);
  }
}
