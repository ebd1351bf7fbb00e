/** What the pool's thread and a worker thread send each other: small tuples, which clone fast. */

import type { PoolIdentity } from '../index.ts';
import type { PackedError } from '../remote/errors.ts';
import type { TraceCarrier } from '../remote/trace.ts';

/** What of a context goes along with a call. */
export interface SentContext {
  readonly id: number;
  readonly index: number;
  readonly attempt: number;
  readonly groupName: string;
  readonly functionName: string;
  readonly poolName: string;
  readonly pool: PoolIdentity;
  readonly isPassed: boolean;
  /** The trace that the call is part of, if there is one. */
  readonly trace?: TraceCarrier;
}

/** To a thread. `call` numbers the calls of a process. */
export type ToThread =
  | ['call', call: number, name: string, args: readonly unknown[], context: SentContext | undefined]
  | ['abort', call: number, reason: PackedError]
  | ['stored', call: number, error: PackedError | undefined];

/** From a thread. */
export type FromThread =
  /** It can be called from now on, or will never be. */
  | ['ready', failure: PackedError | undefined]
  | ['returned', call: number, value: unknown]
  | ['threw', call: number, error: PackedError]
  /** It threw the reason that its signal was aborted with. */
  | ['gaveIn', call: number]
  | ['report', call: number, progress: unknown]
  | ['log', call: number, data: readonly unknown[]]
  | ['placed', call: number, by: string]
  | ['untilStored', call: number];

/** What a thread is started with. */
export interface ThreadData {
  /** The module whose functions it runs. */
  readonly url: string;
}
