/** What the pool's thread and a worker thread send each other: small tuples, which clone fast. */

import type { Json } from '../index.ts';
import type { PackedError } from '../remote/errors.ts';
import type { TraceCarrier } from '../remote/trace.ts';

/** What of a context goes along with a call that has a use for it. */
export type SentContext = readonly [
  id: number,
  index: number,
  attempt: number,
  groupName: string,
  functionName: string,
  poolName: string,
  uid: string,
  epoch: number,
  /** Whether the function is to get it. */
  isPassed: boolean,
];

/** By the names of functions: how many arguments each can see, `Infinity` where that is not known. */
export type VisibleArguments = ReadonlyMap<string, number>;

/** To a thread. `call` numbers the calls of a process. */
export type ToThread =
  | [
      'call',
      call: number,
      /** Which of the calls sent to this thread it is, see `claims.ts`. */
      place: number,
      name: string,
      args: readonly unknown[],
      context: SentContext | undefined,
      /** The trace that the call is part of, if there is one. */
      trace: TraceCarrier | undefined,
    ]
  | ['abort', call: number, reason: PackedError]
  | ['stored', call: number, error: PackedError | undefined];

/** From a thread. `ran` is how long a function took, in milliseconds. */
export type FromThread =
  /** It can be called from now on. */
  | ['ready', visible: VisibleArguments]
  /** It will never be: its module cannot be loaded. */
  | ['broken', error: PackedError]
  | ['returned', call: number, value: unknown, ran: number]
  | ['threw', call: number, error: PackedError]
  /** It threw the reason that its signal was aborted with. */
  | ['gaveIn', call: number]
  | ['report', call: number, progress: Json]
  | ['log', call: number, data: readonly unknown[]]
  | ['placed', call: number, by: string]
  | ['untilStored', call: number];

/** What a thread is started with. */
export interface ThreadData {
  /** The module whose functions it runs. */
  readonly url: string;
  /** The memory of its `Claims`. */
  readonly claims: SharedArrayBuffer;
}
