/**
 * The trace that a call is part of, on its way to where the function runs. What knows about traces,
 * OpenTelemetry for instance, is set once for a process or a thread; without it nothing goes along.
 */

import type { TaskContext } from '../index.ts';

/** What goes along with a call, as in headers of HTTP: `traceparent` for instance. */
export type TraceCarrier = Readonly<Record<string, string>>;

/** A call as it is known where it runs. */
export type TracedCall = Pick<
  TaskContext,
  'functionName' | 'poolName' | 'groupName' | 'id' | 'index' | 'attempt'
>;

/** What traces are made with. */
export interface Propagation {
  /** The trace that is active, as it is to travel. */
  inject(): TraceCarrier;
  /** Runs a function within the trace that its call was part of. */
  within<T>(carrier: TraceCarrier, call: TracedCall, run: () => T): T;
}

/** Characters, names included: what goes along with each call is small. */
const LONGEST = 8192;
/** Known by its name, so that each bundle of the package, and each copy of it, finds the same one. */
const PROPAGATION: unique symbol = Symbol.for('xstate-taskpool.trace') as never;
const home = globalThis as { [PROPAGATION]?: Propagation | undefined };

/** Sets what this process, or this thread, makes traces with; returns what was there before. */
export function setPropagation(propagation: Propagation | undefined): Propagation | undefined {
  const { [PROPAGATION]: before } = home;
  home[PROPAGATION] = propagation;
  return before;
}

/** What goes along with a call that is made now; undefined if there is nothing. */
export function injectTrace(): TraceCarrier | undefined {
  const carrier = home[PROPAGATION]?.inject();
  if (carrier === undefined) return undefined;
  let length = 0;
  for (const [name, value] of Object.entries(carrier)) length += name.length + value.length;
  return length === 0 || length > LONGEST ? undefined : carrier;
}

/** Runs the function of a call within the trace that it came with, if traces are made here. */
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
