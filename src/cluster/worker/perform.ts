/** Runs the function of a job. */

import { NoSuchRemoteFunction, WrongWorkerVersion } from '../../index.ts';
import { packError } from '../../remote/errors.ts';
import { FarContext } from '../../remote/far-context.ts';
import { type TracedCall, withinTrace } from '../../remote/trace.ts';
import { checkResult, isAbort } from '../travel.ts';
import type { Failure, JobData, Result } from '../wire.ts';
import type { Outbox } from './outbox.ts';
import type { Running } from './running.ts';
import type { Functions } from './served.ts';

/** A failure, as the error that BullMQ is thrown: it keeps the message. */
export class JobFailed extends Error {
  readonly failure: Failure;
  /** What the function has thrown. */
  readonly error: unknown;

  constructor(by: string, error: unknown, more: Pick<Failure, 'aborted' | 'stale'> = {}) {
    const failure: Failure = { by, error: packError(error), ...more };
    super(JSON.stringify(failure));
    this.failure = failure;
    this.error = error;
  }
}

export interface Performing {
  /** What the worker is called. */
  readonly by: string;
  readonly functions: Functions;
  readonly version: string | undefined;
  readonly outbox: Outbox;
}

/** Why a worker cannot run a call that asks for something else; undefined if it can. */
export function misfit(
  { functions, version }: Pick<Performing, 'functions' | 'version'>,
  functionName: string,
  data: JobData,
): Error | undefined {
  if (!functions.has(functionName)) {
    return new NoSuchRemoteFunction(
      `expected one of the functions that are served, got ${functionName}: there are ` +
        [...functions.keys()].join(', '),
    );
  }
  if (data.version === undefined || data.version === version) return undefined;
  return new WrongWorkerVersion(
    `expected a worker of version ${data.version}, got one of ${version ?? 'no version'}`,
  );
}

/** What a call has come to: its result, or its failure. Does not reject. */
export async function perform(parts: Performing, call: Running): Promise<Result | JobFailed> {
  const { by, functions } = parts;
  const { functionName, data, late } = call;
  try {
    const fn = functions.get(functionName) as (...args: readonly unknown[]) => unknown;
    const args = data.bare ? data.args : [...data.args, contextOf(call, parts.outbox)];
    const value = await (data.trace === undefined
      ? fn(...args)
      : withinTrace(data.trace, tracedOf(call), () => fn(...args)));
    if (value === undefined) return { by };
    checkResult(functionName, value, data.limit);
    return { by, value };
  } catch (error) {
    const isDue = late.isReason(error) || (late.isAborted && isAbort(error));
    if (!isDue) return new JobFailed(by, error);
    // Of one that this worker has aborted, its own reason counts: not what the function made of it.
    return new JobFailed(by, call.fate === undefined ? error : late.reason, { aborted: true });
  }
}

function contextOf(call: Running, outbox: Outbox): FarContext {
  const { jobId, late, data } = call;
  return new FarContext(tracedOf(call), {
    late,
    pool: data.pool,
    isPassed: true,
    report: (progress) => outbox.report(jobId, progress),
    log: (lines) => outbox.log(jobId, lines),
    // The function is where it runs, and there is no store.
    placed: () => {},
    untilStored: async () => {},
  });
}

/** What a span says of a call. */
function tracedOf({ functionName, data }: Running): TracedCall {
  const { pool, group, id, index, attempt } = data;
  return { functionName, poolName: pool.name, groupName: group, id, index, attempt };
}
