/**
 * The function of every task: does the work of an item, prints the outcome, and returns the value for the journal.
 */

import {
  type Json,
  REMOTE,
  type Reattached,
  type RemoteBehaviour,
  type RemoteCall,
  type TaskContext,
  TaskTimedOut,
} from '../../../index.ts';
import { isInstance } from '../../../kit/realms.ts';
import { placedItem } from '../../journal/item-tasks.ts';
import { ProgramMissing } from '../exec/programs.ts';
import type { Items } from '../input/items.ts';
import { KEEPS_NOTHING, type Keeping } from '../journal/keeping.ts';
import type { AttemptOutcome } from '../output/joblog.ts';
import { failedLine, type Messages, summaryOf } from '../output/messages.ts';
import type { Printing } from '../output/printing.ts';
import { CANCELLED } from '../output/stored-result.ts';
import type { RunPlan } from '../plan.ts';
import { failing, type Stop } from '../stopping/stop.ts';
import { attachedWork } from '../work/load-work.ts';
import { NotBegun, type Work } from '../work/work.ts';
import type { Failures } from './failures.ts';
import type { ItemAttempt } from './item-attempt.ts';
import { RelativeTimeout } from './relative-timeout.ts';
import type { Retrying } from './retrying.ts';
import type { RunningItems } from './running-items.ts';

/** The item has no outcome and stays open. */
const LEFT = Symbol('left');
/** A promise that never settles: its task stays running in the journal. */
const NEVER = new Promise<never>(() => {});

interface Parts {
  readonly plan: Pick<RunPlan, 'work' | 'attempts' | 'log' | 'time'>;
  readonly items: Items;
  readonly running: RunningItems;
  readonly retrying: Retrying;
  readonly failures: Failures;
  readonly printing: Printing;
  readonly messages: Messages;
  readonly stop: Stop;
  /** Called with the id of each task that starts and the index of its item. */
  readonly onBegin: (id: number, index: number) => void;
}

export class Performer {
  /** Replaced once if there is a journal. */
  keeping: Keeping = KEEPS_NOTHING;
  readonly #parts: Parts;
  readonly #timeout: RelativeTimeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { attempts, time } = parts.plan;
    const { [REMOTE]: remote } = parts.plan.work;
    const { timeoutPercent } = attempts;
    // The task is remote if the work is.
    if (remote !== undefined) Object.assign(this.perform, { [REMOTE]: this.#behaviourOf(remote) });
    this.#timeout =
      timeoutPercent === undefined ? undefined : new RelativeTimeout(timeoutPercent, time);
  }

  readonly perform = (argument: unknown, context: TaskContext): Promise<Json | undefined> =>
    this.#perform(argument, context, this.#parts.plan.work);

  /** Reattached calls of an earlier process are printed and stored like new ones. */
  #behaviourOf(remote: RemoteBehaviour): RemoteBehaviour {
    if (remote.reattach === undefined) return remote;
    return { ...remote, reattach: (calls) => this.#reattach(remote, calls) };
  }

  async #reattach(
    remote: RemoteBehaviour,
    calls: readonly RemoteCall[],
  ): Promise<(Reattached | undefined)[]> {
    const asCalled = calls.map((call) => {
      const { index, item } = placedItem(call.groupName, call.index, call.args[0]);
      return { ...call, index, args: [item] };
    });
    const attached = (await remote.reattach?.(asCalled)) ?? [];
    return calls.map(({ args }, place) => {
      const { [place]: call } = attached;
      return call && ((context) => this.#perform(args[0], context, attachedWork(call)));
    });
  }

  async #perform(argument: unknown, context: TaskContext, work: Work): Promise<Json | undefined> {
    const { running, failures, items, printing, onBegin } = this.#parts;
    const placed = placedItem(context.groupName, context.index, argument);
    onBegin(context.id, placed.index);
    items.take(placed.index);
    failures.forget(context.id);
    const attempt = running.begin(placed, context, printing.newOutput(placed));
    try {
      const kept = await this.#attempt(attempt, context, work);
      return kept === LEFT ? NEVER : kept;
    } finally {
      running.leave(attempt);
    }
  }

  async #attempt(
    attempt: ItemAttempt,
    context: TaskContext,
    work: Work,
  ): Promise<Json | undefined | typeof LEFT> {
    const { plan, printing } = this.#parts;
    try {
      const result = await this.#work(attempt, context, work);
      const kept = await this.keeping.result(result, context);
      const isPrinted = printing.putResult(attempt, result);
      plan.log.add(attempt, { result });
      return (await this.#isWritten(isPrinted)) ? kept : LEFT;
    } catch (error) {
      return this.#fail(attempt, context, error);
    }
  }

  /**
   * @throws the error of the attempt; a timeout if it was too late, however the work reacted.
   */
  async #work(attempt: ItemAttempt, context: TaskContext, work: Work): Promise<unknown> {
    const timeout = this.#timeout;
    if (timeout !== undefined) attempt.onBegin = () => timeout.begin(attempt);
    let hasSucceeded = false;
    try {
      const result = await work(attempt.item, context, attempt);
      this.#throwIfLate(attempt, context);
      hasSucceeded = true;
      return result;
    } catch (error) {
      this.#throwIfLate(attempt, context);
      throw error;
    } finally {
      attempt.end();
      timeout?.end(attempt, hasSucceeded);
    }
  }

  #throwIfLate({ late }: ItemAttempt, context: TaskContext): void {
    if (late !== undefined) throw late;
    const { timeout, deadline } = this.#parts.plan.attempts;
    if ((timeout ?? deadline) !== undefined && isLate(context)) throw context.signal.reason;
  }

  async #fail(attempt: ItemAttempt, context: TaskContext, error: unknown): Promise<typeof LEFT> {
    const { failures, printing, retrying, stop } = this.#parts;
    if (isInstance(error, NotBegun)) return LEFT;
    if (isInstance(error, ProgramMissing)) stop.cancel(failing(error.message));
    if (attempt.isCutShort) return this.#leave(attempt, { error });
    await this.keeping.failure(attempt.output, context);
    attempt.error = error;
    failures.note(context.id, attempt);
    const isCancelled = !isLate(context) && context.signal.aborted;
    // If its deadline leaves no time for the retry, it is printed when the task ends.
    if (isCancelled || !retrying.follows(context.id, error)) {
      const isPrinted = isCancelled
        ? printing.putFailure(attempt, CANCELLED, undefined)
        : printing.putFailure(attempt, summaryOf(error), failedLine(attempt.item, error));
      if (!(await this.#isWritten(isPrinted))) return LEFT;
    }
    throw error;
  }

  /** Leaves the item open, so that it is done again when the run is resumed. */
  #leave(attempt: ItemAttempt, outcome: AttemptOutcome): typeof LEFT {
    const { running, messages, plan, printing } = this.#parts;
    plan.log.add(attempt, outcome);
    running.numAborted++;
    if (!printing.isLive) messages.passStderr(attempt.output);
    return LEFT;
  }

  /**
   * An item counts as done in the journal only after its output, and all that waited for it, is written: otherwise a
   * process killed in between would leave results that were never printed.
   */
  async #isWritten(isPrinted: boolean): Promise<boolean> {
    if (this.keeping === KEEPS_NOTHING || !isPrinted) return true;
    return this.#parts.printing.flushed().then(
      () => true,
      () => false,
    );
  }
}

/** Reading a signal creates it, so this is called only for attempts that may be late, or have failed. */
function isLate({ signal }: TaskContext): boolean {
  return signal.aborted && isInstance(signal.reason, TaskTimedOut);
}
