/** The calling side of a cluster: connects with the first call, and turns calls into jobs. */

import { randomBytes } from 'node:crypto';
import {
  isTaskContext,
  type PoolIdentity,
  PoolIsClosed,
  type Reattached,
  type RemoteCall,
  type TaskContext,
  WorkerLost,
} from '../../index.ts';
import { whenAborted } from '../../kit/on-abort.ts';
import { injectTrace, type TraceCarrier } from '../../remote/trace.ts';
import { messageOf } from '../faults.ts';
import { jobIdOf } from '../names.ts';
import { checkArguments } from '../travel.ts';
import { Trouble } from '../trouble.ts';
import type { JobData } from '../wire.ts';
import { Call } from './call.ts';
import { Dispatch } from './dispatch.ts';
import { type Link, openLink } from './link.ts';
import type { CoordinatorOptions } from './options.ts';

/** The identity of the task in a job. */
type Identity = Omit<RemoteCall, 'args' | 'isPassed'>;

export class Coordinator {
  readonly #name: string;
  readonly #options: CoordinatorOptions;
  readonly #trouble: Trouble;
  /** For calls outside of any pool. */
  readonly #noPool: PoolIdentity;
  #numCalls = 0;
  #dispatch: Dispatch | undefined = undefined;
  #opening: Promise<Dispatch> | undefined = undefined;
  /** Aborts waiting for a Redis that cannot be reached. */
  readonly #givingUp = new AbortController();
  #closing: Promise<void> | undefined = undefined;

  constructor(name: string, options: CoordinatorOptions) {
    this.#name = name;
    this.#options = options;
    this.#trouble = new Trouble(name, options.logger);
    this.#noPool = { name: 'none', uid: randomBytes(16).toString('base64url'), epoch: 0 };
  }

  /** Calls a function remotely. @param given its arguments, followed by the context inside a pool. */
  async call(functionName: string, given: readonly unknown[]): Promise<unknown> {
    const last = given.at(-1);
    const context = isTaskContext(last) ? last : undefined;
    const args = context === undefined ? given : given.slice(0, -1);
    checkArguments(functionName, args, this.#options.maxArguments);
    // Before the first await, while the trace of the caller is active.
    const trace = injectTrace();
    const dispatch = this.#dispatch ?? (await this.#whileOpen(this.#open(), context));
    const identity = context ?? this.#outside();
    const { pool } = identity;
    const number = dispatch.claims.numberOf(pool.uid, pool.name);
    const claim = typeof number === 'number' ? number : await this.#whileOpen(number, context);
    // A job must not exist before the journal has its task.
    await context?.untilStored();
    context?.signal.throwIfAborted();
    this.#throwIfClosed();
    // A function called outside of a pool gets no context on the worker either.
    const isBare = context?.isPassed !== true;
    const data = this.#dataOf(identity, claim, args, isBare, trace);
    const call = new Call({ jobId: jobIdOf(identity), functionName, data }, context);
    dispatch.submit(call);
    return call.promise;
  }

  /** Looks up calls of an earlier process. */
  async reattach(
    functionName: string,
    remote: readonly RemoteCall[],
  ): Promise<(Reattached | undefined)[]> {
    const dispatch = await this.#open();
    const calls: Call[] = [];
    for (const each of remote) {
      const claim = await dispatch.claims.numberOf(each.pool.uid, each.pool.name);
      const data = this.#dataOf(each, claim, each.args, !each.isPassed);
      const call = new Call({ jobId: jobIdOf(each), functionName, data }, undefined);
      call.state = 'added';
      call.seenAt = performance.now();
      // Awaited later, so it must not be reported as unhandled.
      call.promise.catch(() => {});
      // From now on events are processed; earlier ones are looked up in Redis.
      dispatch.expect(call);
      calls.push(call);
    }
    await dispatch.recover(calls);
    return calls.map((call) =>
      call.isAbandoned
        ? undefined
        : (context) => {
            call.attach(context);
            call.attend(dispatch);
            return call.promise;
          },
    );
  }

  /** The reason why a call has not begun. */
  waitsFor(functionName: string, remote: RemoteCall): string | undefined {
    const { awayText } = this.#trouble;
    if (awayText !== undefined) return awayText;
    const call = this.#dispatch?.calls.get(jobIdOf(remote));
    if (this.#dispatch === undefined || call === undefined || call.by !== undefined)
      return undefined;
    const { census } = this.#dispatch;
    const ms = census.unservedFor(functionName, performance.now());
    const { alive } = census;
    if (ms > 0) {
      const howLong = `for ${Math.round(ms / 1000)} s`;
      if (alive.length === 0) return `no worker has served ${this.#name} ${howLong}`;
      return `no worker of ${this.#name} has had a function ${functionName} ${howLong}`;
    }
    const room = alive.reduce((sum, { concurrency }) => sum + concurrency, 0);
    if (alive.length === 1)
      return `the only worker of ${this.#name} runs ${room} at once, and has no room yet`;
    return `the ${alive.length} workers of ${this.#name} run ${room} at once, and have no room yet`;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#dispatch === undefined) this.#givingUp.abort();
    await this.#opening?.catch(() => undefined);
    await this.#dispatch?.close(this.#lost());
    this.#givingUp.abort();
  }

  #lost(): WorkerLost {
    return new WorkerLost(`the cluster ${this.#name} was closed before the call was over`);
  }

  #open(): Promise<Dispatch> {
    this.#throwIfClosed();
    this.#opening ??= unlessAborted(this.#connect(), this.#givingUp.signal);
    return this.#opening;
  }

  async #connect(): Promise<Dispatch> {
    const onTrouble = (error: unknown, where: string): void => {
      this.#trouble.where = where;
      this.#trouble.away(messageOf(error));
    };
    let link: Link | undefined;
    try {
      link = await this.#trouble.during(
        openLink({
          name: this.#name,
          options: this.#options,
          onTrouble,
          signal: this.#givingUp.signal,
        }),
      );
      const dispatch = new Dispatch(link, this.#options, this.#trouble);
      await dispatch.start();
      this.#dispatch = dispatch;
      // Redis answered only after the cluster was closed.
      if (this.#givingUp.signal.aborted) await dispatch.close(this.#lost());
      return dispatch;
    } catch (error) {
      link?.close();
      // The next call tries again.
      this.#opening = undefined;
      throw error;
    }
  }

  /** Settles like the promise, unless the task is cancelled or the cluster is closed before. */
  async #whileOpen<T>(promise: Promise<T>, context: TaskContext | undefined): Promise<T> {
    try {
      return await unlessAborted(promise, this.#givingUp.signal, context?.signal);
    } catch (error) {
      if (context?.signal.aborted !== true) this.#throwIfClosed();
      throw error;
    }
  }

  #throwIfClosed(): void {
    if (this.#closing === undefined) return;
    throw new PoolIsClosed(`expected the cluster ${this.#name} to be open, it was closed`);
  }

  #outside(): Identity {
    const id = this.#numCalls++;
    return { pool: this.#noPool, id, attempt: 1, index: id, groupName: 'none' };
  }

  #dataOf(
    identity: Identity,
    claim: number,
    args: readonly unknown[],
    isBare: boolean,
    trace?: TraceCarrier,
  ): JobData {
    const { pool, id, attempt, index, groupName } = identity;
    const { version, maxResult } = this.#options;
    const { name, uid, epoch } = pool;
    return {
      pool: { name, uid, epoch },
      claim,
      id,
      attempt,
      index,
      group: groupName,
      args,
      limit: maxResult,
      ...(version === undefined ? {} : { version }),
      ...(isBare ? { bare: true } : {}),
      ...(trace === undefined ? {} : { trace }),
    };
  }
}

/**
 * Settles like the promise, or rejects with the reason of the signal that is aborted first. A client that is
 * disconnected while it reconnects never settles its pending commands, so they cannot be awaited directly.
 */
function unlessAborted<T>(
  promise: Promise<T>,
  ...signals: readonly (AbortSignal | undefined)[]
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stops = signals
      .flatMap((signal) => signal ?? [])
      .map((each) => whenAborted(each, reject));
    promise.then(resolve, reject).finally(() => {
      for (const stop of stops) stop();
    });
  });
}
