/** Tracks the calls of a coordinator from the queue to their outcome. */

import { WorkerLost } from '../../index.ts';
import { shown } from '../../node/redis/connection.ts';
import { type ErrorClasses, packError, unpackError } from '../../remote/errors.ts';
import { atLast, isPassing, pauseFor } from '../faults.ts';
import type { Trouble } from '../trouble.ts';
import type { Message, Result } from '../wire.ts';
import { Adding } from './adding.ts';
import type { Call, CallOwner } from './call.ts';
import { Census } from './census.ts';
import { Claims } from './claims.ts';
import { Fetching } from './fetching.ts';
import { type Followed, failureOf, follow } from './follower.ts';
import { Jobs, type Seen } from './jobs.ts';
import type { Link } from './link.ts';
import type { CoordinatorOptions } from './options.ts';
import { Taking } from './taking.ts';
import { Watch, type Watched } from './watch.ts';

/** Milliseconds until a failed cancel is repeated. */
const PAUSE = 200;

export class Dispatch implements CallOwner, Followed, Watched {
  readonly calls = new Map<string, Call>();
  readonly claims: Claims;
  readonly census: Census;
  readonly jobs: Jobs;
  readonly #link: Link;
  readonly #waitForWorker: number;
  readonly #errors: ErrorClasses;
  readonly #trouble: Trouble;
  readonly #adding: Adding;
  readonly #fetching: Fetching;
  readonly #taking: Taking;
  readonly #watch: Watch;
  #isClosed = false;

  constructor(link: Link, options: CoordinatorOptions, trouble: Trouble) {
    this.#link = link;
    this.#waitForWorker = options.waitForWorker;
    this.#errors = options.errors;
    this.#trouble = trouble;
    this.jobs = new Jobs(link.client, link.keys);
    this.claims = new Claims(this.jobs);
    this.census = new Census(options.lease, performance.now());
    this.#fetching = new Fetching(this.jobs, (call, seen) => this.seen(call, seen));
    this.#taking = new Taking(this.jobs);
    this.#adding = new Adding({
      jobs: this.jobs,
      keepResults: Math.ceil(options.keepResults / 1000),
      onAdded: (call) => this.#added(call),
      onRefused: (calls, error) => void this.#refused(calls, error),
    });
    this.#watch = new Watch(this.jobs, this.census, this, options.lease);
  }

  /** Subscribes to the events of jobs. */
  async start(): Promise<void> {
    await this.#link.follow({
      onEntry: (fields) => follow(this, fields),
      onTrouble: (message) => this.troubled(message),
    });
  }

  /** Submits a call. */
  submit(call: Call): void {
    this.expect(call);
    call.attend(this);
    this.#adding.add(call);
  }

  /** Registers a call for events. */
  expect(call: Call): void {
    this.calls.set(call.jobId, call);
    this.#watch.start();
  }

  /**
   * Recovers calls of an earlier process: ended and running ones keep their jobs, waiting ones are added again under
   * the claim of this process, and those without a job are abandoned.
   */
  async recover(calls: readonly Call[]): Promise<void> {
    const all = await this.jobs.look(calls.map(({ jobId }) => jobId));
    for (const [index, seen] of all.entries()) {
      const call = calls[index] as Call;
      if (call.isOver) continue;
      if (seen.state === 'gone') this.#end(call, () => call.abandon(undefined));
      else if (seen.state !== 'waiting') this.seen(call, seen);
      else if ((await this.jobs.forget([call.jobId]))[0]) this.#readd(call);
    }
  }

  #readd(call: Call): void {
    call.state = 'adding';
    this.#adding.add(call);
  }

  // Events of jobs.

  completed(jobId: string, result?: Result): void {
    const call = this.calls.get(jobId);
    if (call === undefined) return;
    if (result === undefined) {
      this.#fetching.fetch(call);
      return;
    }
    const { by, value } = result;
    call.placed(by);
    call.end = 'completed';
    this.#end(call, () => call.fulfil(value));
  }

  failed(jobId: string, reason: string): void {
    const call = this.calls.get(jobId);
    if (call === undefined) return;
    const failure = failureOf(reason);
    if (failure === undefined) this.lost(call, reason);
    else if (failure.stale) void this.#refusedAsStale(call);
    else {
      call.placed(failure.by);
      call.end = 'failed';
      const { abort } = call;
      // The original error with which the task was aborted, not a deserialized copy.
      const error =
        failure.aborted && abort ? abort.reason : unpackError(failure.error, this.#errors);
      this.#end(call, () => call.fail(error));
    }
  }

  returned(jobId: string): void {
    const call = this.calls.get(jobId);
    if (call === undefined) return;
    call.unplaced();
    if (call.abort !== undefined) void this.#cancel(call, call.abort.reason);
  }

  said(message: Message): void {
    const [jobId, what, content] = message;
    const call = this.calls.get(jobId);
    if (call === undefined) return;
    call.seenAt = performance.now();
    if (what === 'placed') call.placed(content as string);
    else if (what === 'report') call.context?.report(content);
    else call.context?.log(...(content as readonly unknown[]));
  }

  troubled(message: string): void {
    if (!this.#isClosed) this.#trouble.away(message);
  }

  // Findings of the watch.

  seen(call: Call, { state, value, by }: Seen): void {
    if (state === 'gone') this.lost(call, 'Redis does not know its job any more');
    else if (state === 'completed') this.completed(call.jobId, JSON.parse(value) as Result);
    else if (state === 'failed') this.failed(call.jobId, value);
    else {
      if (state === 'waiting') call.unplaced();
      else if (by !== '') call.placed(by);
      // The cancel was lost, or the worker did not read it.
      if (call.abort !== undefined) void this.#cancel(call, call.abort.reason);
    }
  }

  lost(call: Call, reason: string): void {
    const { abort, functionName, data } = call;
    const error = new WorkerLost(
      `the call of ${functionName} by task ${data.id} is lost: ${reason}`,
    );
    this.#end(call, () => call.fail(abort === undefined ? error : abort.reason));
  }

  async hold(): Promise<void> {
    const uids = new Set([...this.calls.values()].map(({ data }) => data.pool.uid));
    const lost = await this.claims.check(uids);
    if (lost.size === 0) return;
    for (const call of [...this.calls.values()]) {
      const error = lost.get(call.data.pool.uid);
      // The job belongs to the other process now.
      if (error !== undefined) this.#end(call, () => call.abandon(error));
    }
  }

  looked(): void {
    this.#trouble.over();
    const now = performance.now();
    for (const call of this.calls.values()) {
      if (call.by !== undefined || call.state !== 'added') continue;
      const ms = Math.min(this.census.unservedFor(call.functionName, now), now - call.since);
      if (ms > 0) this.#trouble.unserved(call.functionName, ms);
      if (ms >= this.#waitForWorker) void this.#giveUp(call, ms);
    }
  }

  away(ms: number, message: string): void {
    if (!this.#isClosed) this.#trouble.away(message, ms);
  }

  /** Disconnects; pending calls fail, and their jobs stay in Redis. */
  async close(error: Error): Promise<void> {
    this.#isClosed = true;
    this.#watch.stop();
    this.#adding.close();
    for (const call of [...this.calls.values()]) this.#end(call, () => call.abandon(error));
    await atLast(this.#taking.idle());
    this.#link.close();
  }

  #end(call: Call, end: () => void): void {
    this.calls.delete(call.jobId);
    end();
  }

  #added(call: Call): void {
    call.state = 'added';
    call.seenAt = performance.now();
    if (call.abort !== undefined) void this.#cancel(call, call.abort.reason);
  }

  // Callbacks of calls.

  over(call: Call): void {
    if (!call.isAbandoned && call.end !== undefined) this.#taking.add(call);
  }

  abort(call: Call, reason: unknown): void {
    if (call.state === 'over' || call.abort !== undefined) return;
    call.abort = { reason };
    if (call.state === 'adding') this.#end(call, () => call.fail(reason));
    else if (call.state === 'added') void this.#cancel(call, reason);
  }

  async #cancel(call: Call, reason: unknown): Promise<void> {
    const packed = JSON.stringify(packError(reason));
    while (call.state === 'added') {
      try {
        if (await this.jobs.cancel(call.jobId, packed)) this.#end(call, () => call.fail(reason));
        return;
      } catch (error) {
        if (!isPassing(error) || this.#isClosed) return;
        await pauseFor(PAUSE);
      }
    }
  }

  /** Cancels a call for which there is no worker. */
  async #giveUp(call: Call, ms: number): Promise<void> {
    if (
      !(await this.jobs.cancel(call.jobId, JSON.stringify(packError(undefined))).catch(() => false))
    )
      return;
    const seconds = Math.round(ms / 1000);
    this.lost(call, `no worker has served it for ${seconds} s`);
  }

  /** Handles calls that Redis refused to add: those that it did add are removed again. */
  async #refused(calls: readonly Call[], error: unknown): Promise<void> {
    const ids = calls.map(({ jobId }) => jobId);
    await this.jobs.forget(ids).catch(() => {});
    const seen = await this.jobs.look(ids).catch(() => undefined);
    for (const [index, call] of calls.entries()) {
      if (call.state !== 'sending') continue;
      if (seen === undefined || seen[index]?.state === 'gone')
        this.#end(call, () => call.fail(shown(error)));
      else this.#added(call);
    }
  }

  /** A worker refused the call as one of an earlier process, since the claim was made after the job. */
  async #refusedAsStale(call: Call): Promise<void> {
    if (call.state === 'over') return;
    await this.hold();
    if (call.isOver) return;
    await this.jobs.forget([call.jobId]);
    this.#readd(call);
  }
}
