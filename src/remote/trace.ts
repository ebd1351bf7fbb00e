/**
 * Propagates traces to the threads and workers that run functions. The tracing system, such as OpenTelemetry, is set
 * once per process or thread; without one nothing is sent.
 */

import type { TaskContext } from '../index.ts';

/** The trace data that is sent with a call, like HTTP headers: `traceparent` for instance. */
export type TraceCarrier = Readonly<Record<string, string>>;

/** The data of a call in the thread or worker that runs it. */
export type TracedCall = Pick<
  TaskContext,
  'functionName' | 'poolName' | 'groupName' | 'id' | 'index' | 'attempt'
>;

/** Connects to a tracing system. */
export interface Propagation {
  /** The active trace, to be sent with a call. */
  inject(): TraceCarrier;
  /** Runs a function within the trace of its call. */
  within<T>(carrier: TraceCarrier, call: TracedCall, run: () => T): T;
}

/** The most characters, including names, that are sent with a call. */
const LONGEST = 8192;
/** A registered symbol, so that all bundles and copies of the package share it. */
const PROPAGATION: unique symbol = Symbol.for('xstate-taskpool.trace') as never;
const home = globalThis as { [PROPAGATION]?: Propagation | undefined };

/** Sets the tracing system of this process or thread; returns the previous one. */
export function setPropagation(propagation: Propagation | undefined): Propagation | undefined {
  const { [PROPAGATION]: before } = home;
  home[PROPAGATION] = propagation;
  return before;
}

/** The trace data for a call that is made now; undefined if there is none. */
export function injectTrace(): TraceCarrier | undefined {
  const carrier = home[PROPAGATION]?.inject();
  if (carrier === undefined) return undefined;
  let length = 0;
  for (const [name, value] of Object.entries(carrier)) length += name.length + value.length;
  return length === 0 || length > LONGEST ? undefined : carrier;
}

/** Runs the function of a call within its trace, if this process has a tracing system. */
export function withinTrace<T>(
  carrier: TraceCarrier | undefined,
  call: TracedCall,
  run: () => T,
): T {
  const propagation = home[PROPAGATION];
  return propagation === undefined || carrier === undefined
    ? run()
    : propagation.within(carrier, call, run);
}
