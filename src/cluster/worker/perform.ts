/** Calls the function of a job. */

import { NoSuchRemoteFunction, WrongWorkerVersion } from '../../index.ts';
import { packError } from '../../remote/errors.ts';
import { FarContext } from '../../remote/far-context.ts';
import { type TracedCall, withinTrace } from '../../remote/trace.ts';
import { checkResult, isAbort } from '../travel.ts';
import type { Failure, JobData, Result } from '../wire.ts';
import type { Outbox } from './outbox.ts';
import type { Running } from './running.ts';
import type { Functions } from './served.ts';

/** A failure as an error to throw into BullMQ, which stores its message. */
export class JobFailed extends Error {
  readonly failure: Failure;
  /** The error that the function threw. */
  readonly error: unknown;

  constructor(by: string, error: unknown, more: Pick<Failure, 'aborted' | 'stale'> = {}) {
    const failure: Failure = { by, error: packError(error), ...more };
    super(JSON.stringify(failure));
    this.failure = failure;
    this.error = error;
  }
}

export interface Performing {
  /** The id of the worker. */
  readonly by: string;
  readonly functions: Functions;
  readonly version: string | undefined;
  readonly outbox: Outbox;
}

/** The reason why a worker cannot run a call; undefined if it can. */
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

/** Returns the outcome of a call: its result, or its failure. Does not reject. */
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
    // If this worker has aborted the call, its reason is reported, not the error of the function.
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
    // The call was placed by the worker, and there is no store here.
    placed: () => {},
    untilStored: async () => {},
  });
}

/** The attributes of a span. */
function tracedOf({ functionName, data }: Running): TracedCall {
  const { pool, group, id, index, attempt } = data;
  return { functionName, poolName: pool.name, groupName: group, id, index, attempt };
}
