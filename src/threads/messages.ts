/** The messages between the thread of the pool and a worker thread: small tuples, which are fast to clone. */

import type { Json } from '../index.ts';
import type { PackedError } from '../remote/errors.ts';
import type { TraceCarrier } from '../remote/trace.ts';

/** The context, sent along with a call only if it is used. */
export type SentContext = readonly [
  id: number,
  index: number,
  attempt: number,
  groupName: string,
  functionName: string,
  poolName: string,
  uid: string,
  epoch: number,
  /** Whether the function receives the context. */
  isPassed: boolean,
];

/** The number of arguments that each function can see; `Infinity` if it is unknown. */
export type VisibleArguments = ReadonlyMap<string, number>;

/** Messages to a thread. `call` numbers the calls of a process. */
export type ToThread =
  | [
      'call',
      call: number,
      /** The number of the call among those sent to this thread, see `claims.ts`. */
      place: number,
      name: string,
      args: readonly unknown[],
      context: SentContext | undefined,
      /** The trace of the call, if there is one. */
      trace: TraceCarrier | undefined,
    ]
  | ['abort', call: number, reason: PackedError]
  | ['stored', call: number, error: PackedError | undefined];

/** Messages from a thread. `ran` is the running time of a function, in milliseconds. */
export type FromThread =
  /** The thread accepts calls. */
  | ['ready', visible: VisibleArguments]
  /** The module cannot be loaded, so the thread will accept no calls. */
  | ['broken', error: PackedError]
  | ['returned', call: number, value: unknown, ran: number]
  | ['threw', call: number, error: PackedError]
  /** The function threw the reason with which its signal was aborted. */
  | ['gaveIn', call: number]
  | ['report', call: number, progress: Json]
  | ['log', call: number, data: readonly unknown[]]
  | ['placed', call: number, by: string]
  | ['untilStored', call: number];

/** The data with which a thread is started. */
export interface ThreadData {
  /** The module with the functions. */
  readonly url: string;
  /** The memory of its `Claims`. */
  readonly claims: SharedArrayBuffer;
}
