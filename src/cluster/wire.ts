/** The JSON messages between coordinators and workers. */

import type { Json } from '../index.ts';
import type { PackedError } from '../remote/errors.ts';
import type { TraceCarrier } from '../remote/trace.ts';

/** The data of a job. The name of the job is the function. */
export interface JobData {
  readonly pool: { readonly name: string; readonly uid: string; readonly epoch: number };
  /** The claim under which it was added: workers refuse it if there is a newer claim on the pool. */
  readonly claim: number;
  readonly id: number;
  readonly attempt: number;
  readonly index: number;
  readonly group: string;
  readonly args: readonly unknown[];
  /** The version of the module that the coordinator expects. */
  readonly version?: string;
  /** The maximum size of the result, in characters of JSON. */
  readonly limit: number;
  /** Set if the function is called without a context. */
  readonly bare?: true;
  /** The trace of the call, as in HTTP headers. */
  readonly trace?: TraceCarrier;
}

/** The return value of a job. */
export interface Result {
  /** The worker that ran it. */
  readonly by: string;
  /** The value returned by the function; missing for `undefined`. */
  readonly value?: unknown;
}

/** The reason of a failed job, as JSON in the field that BullMQ keeps. */
export interface Failure {
  readonly by: string;
  /** The error, packed. */
  readonly error: PackedError;
  /** Set if the function threw because its signal was aborted. */
  readonly aborted?: true;
  /** Set if the function was not called, since a newer coordinator has claimed the pool. */
  readonly stale?: true;
}

/** A message about a running job. */
export type Message =
  | readonly [job: string, what: 'placed', by: string]
  | readonly [job: string, what: 'report', progress: Json]
  | readonly [job: string, what: 'log', data: readonly unknown[]];

/** The name of our event, next to those of BullMQ. */
export const MESSAGES = 'taskpool';

/** An entry of the control stream, by its fields. */
export type Command =
  | { readonly do: 'cancel'; readonly job: string; readonly reason: string }
  | { readonly do: 'claim'; readonly uid: string; readonly claim: string };

/** The registered information of a worker. */
export interface WorkerInfo {
  /** The id of the worker: `host:pid:` and random characters. */
  readonly id: string;
  /** The name of its machine. */
  readonly host: string;
  /** The id of its process. */
  readonly pid: number;
  /** The names of the functions that it serves. */
  readonly functions: readonly string[];
  /** The version of its module. Missing if the worker was started without one. */
  readonly version?: string;
  /** The maximum number of calls that it runs concurrently. */
  readonly concurrency: number;
  /** Milliseconds since the epoch, by the clock of the worker. */
  readonly startedAt: number;
}
