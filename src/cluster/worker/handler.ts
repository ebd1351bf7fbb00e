/** Handles a job in a worker: runs it, refuses it, or gives it back. */

import type { Job } from 'bullmq';
import { messageOf } from '../faults.ts';
import type { JobData, Result } from '../wire.ts';
import type { Held } from './held.ts';
import type { Newest } from './newest.ts';
import type { JobReport } from './options.ts';
import type { Passing } from './passing.ts';
import { JobFailed, misfit, type Performing, perform } from './perform.ts';
import { Running, type RunningCalls } from './running.ts';

export type WorkJob = Pick<Job<JobData, Result>, 'id' | 'name' | 'data' | 'moveToWait'>;

type Refusal = JobFailed | 'returned' | 'passed on';

export interface HandlerParts extends Performing {
  readonly running: RunningCalls;
  readonly held: Held;
  readonly newest: Newest;
  readonly passing: Passing;
  /** Whether the worker is stopping and starts nothing new. */
  readonly isStopping: () => boolean;
  /** Whether another worker can run a job. */
  readonly isServedByOthers: (functionName: string, data: JobData) => Promise<boolean>;
  readonly onDone: (report: JobReport) => void;
  /** Creates the error by which BullMQ learns that a job waits again. */
  readonly waiting: () => Error;
}

export class Handler {
  readonly #parts: HandlerParts;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
  }

  /** Resolves or rejects with the outcome that BullMQ writes. */
  async handle(job: WorkJob, token: string): Promise<Result> {
    const { held } = this.#parts;
    const call = new Running(job.id as string, job.name, job.data, () => job.moveToWait(token));
    held.add(call.jobId);
    try {
      const refusal = await this.#refusal(call);
      if (refusal !== undefined) return await this.#refuse(call, token, refusal);
      return await this.#settle(call, await this.#run(call));
    } finally {
      held.ended(call.jobId);
    }
  }

  /** The reason not to run a call here; `returned` and `passed on` if another worker should run it. */
  async #refusal(call: Running): Promise<Refusal | undefined> {
    const { newest, by, passing, isStopping, isServedByOthers } = this.#parts;
    const { functionName, data } = call;
    if (isStopping()) return 'returned';
    const isNewest = newest.accepts(data.pool.uid, data.claim);
    // Awaited only if Redis must be asked, to save a promise job.
    if (isNewest !== true && !(await isNewest)) return new JobFailed(by, null, { stale: true });
    const error = misfit(this.#parts, functionName, data);
    if (error === undefined) {
      passing.fits();
      return undefined;
    }
    return (await isServedByOthers(functionName, data)) ? 'passed on' : new JobFailed(by, error);
  }

  async #refuse(call: Running, token: string, refusal: Refusal): Promise<never> {
    if (refusal === 'returned') return this.#return(call);
    if (refusal === 'passed on') return this.#passOn(call, token);
    this.#report(call, 'refused', refusal.error);
    throw refusal;
  }

  async #run(call: Running): Promise<Result | JobFailed> {
    const { outbox, running } = this.#parts;
    outbox.placed(call.jobId);
    running.add(call);
    try {
      return await perform(this.#parts, call);
    } finally {
      outbox.over(call.jobId);
      running.delete(call);
    }
  }

  async #settle(call: Running, outcome: Result | JobFailed): Promise<Result> {
    if (call.isGivenBack) return this.#return(call);
    if (!(outcome instanceof JobFailed)) {
      this.#report(call, 'fulfilled');
      return outcome;
    }
    const isAborted = outcome.failure.aborted === true;
    if (call.fate === 'returned' && isAborted) return this.#return(call);
    const ended = isAborted ? (call.fate === 'lost' ? 'lost' : 'cancelled') : 'rejected';
    this.#report(call, ended, outcome.error);
    throw outcome;
  }

  async #return(call: Running): Promise<never> {
    this.#report(call, 'returned');
    await call.giveBack();
    this.#parts.held.delete(call.jobId);
    throw this.#parts.waiting();
  }

  async #passOn(call: Running, token: string): Promise<never> {
    this.#report(call, 'returned');
    await this.#parts.passing.pass(call.jobId, token);
    this.#parts.held.delete(call.jobId);
    throw this.#parts.waiting();
  }

  #report(call: Running, outcome: JobReport['outcome'], error?: unknown): void {
    const { functionName, data, ran } = call;
    this.#parts.onDone({
      functionName,
      poolName: data.pool.name,
      id: data.id,
      attempt: data.attempt,
      outcome,
      ran,
      ...(error === undefined || error === null ? {} : { error: messageOf(error) }),
    });
  }
}
