/** What coordinators and workers say to each other, as JSON. */

import type { Json } from '../index.ts';
import type { PackedError } from '../remote/errors.ts';
import type { TraceCarrier } from '../remote/trace.ts';

/** What a worker gets to know of a call: the data of its job. The name of the job is the function. */
export interface JobData {
  readonly pool: { readonly name: string; readonly uid: string; readonly epoch: number };
  /** The claim under which it was added: workers refuse those that another one has followed. */
  readonly claim: number;
  readonly id: number;
  readonly attempt: number;
  readonly index: number;
  readonly group: string;
  readonly args: readonly unknown[];
  /** The version of the module that the coordinator expects. */
  readonly version?: string;
  /** The largest result that is taken, in characters of JSON. */
  readonly limit: number;
  /** Set if the function is to be called without a context. */
  readonly bare?: true;
  /** The trace that the call is part of, as in HTTP headers. */
  readonly trace?: TraceCarrier;
}

/** What a job has come to: its return value. */
export interface Result {
  /** Who ran it. */
  readonly by: string;
  /** What the function gave; missing for `undefined`. */
  readonly value?: unknown;
}

/** Why a job has failed, as JSON: the reason that BullMQ keeps. */
export interface Failure {
  readonly by: string;
  /** The error, packed. */
  readonly error: PackedError;
  /** Set if that is what the function made of its aborted signal. */
  readonly aborted?: true;
  /** Set if the function was not called: the job was added by a coordinator that has been followed. */
  readonly stale?: true;
}

/** What a job says before it is over: which one, what, and with what. */
export type Message =
  | readonly [job: string, what: 'placed', by: string]
  | readonly [job: string, what: 'report', progress: Json]
  | readonly [job: string, what: 'log', data: readonly unknown[]];

/** The name of the event, among those of BullMQ, that carries messages. */
export const MESSAGES = 'taskpool';

/** What an entry of the control stream says, with its fields. */
export type Command =
  | { readonly do: 'cancel'; readonly job: string; readonly reason: string }
  | { readonly do: 'claim'; readonly uid: string; readonly claim: string };

/** What a worker says of itself. */
export interface WorkerInfo {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly functions: readonly string[];
  readonly version?: string;
  readonly concurrency: number;
  /** Milliseconds since the epoch, by its own clock. */
  readonly startedAt: number;
}
