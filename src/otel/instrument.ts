/** `instrument()`: exports metrics and traces of a pool to OpenTelemetry. */

import type { Meter, Tracer } from '@opentelemetry/api';
import type { BasePool } from '../index.ts';
import { hasMethods, refuse } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { measure } from './metrics.ts';
import { instrumentsOf, PoolMeter } from './pool-meter.ts';
import { trace } from './traces.ts';

/** Options of {@link instrument}: a meter, a tracer, or both. */
export interface InstrumentOptions {
  /**
   * Records metrics: `metrics.getMeter('my-program')` of `@opentelemetry/api`, or a {@link PoolMeter}, which costs less
   * for each task. Default: no metrics.
   */
  readonly meter?: Meter | PoolMeter;
  /** Creates spans: `trace.getTracer('my-program')` of `@opentelemetry/api`. Default: no traces. */
  readonly tracer?: Tracer;
  /**
   * Whether times and retries are also recorded by group, with an attribute `taskpool.group.name`: for programs with
   * few groups and recurring names. Default: false.
   */
  readonly groups?: boolean;
}

const OPTIONS = new OptionBag<InstrumentOptions>({ meter: [], tracer: [], groups: ['byGroup'] });

/**
 * Records metrics of a pool, and creates a span for each attempt of a task: a child of the span that was active at
 * the call that created the task, linked to the previous attempt if that has failed. It is active while the function
 * runs. The instrumentation ends when the pool is closed.
 *
 * @returns a function that ends it earlier.
 * @throws TypeError without a meter or tracer, or for an invalid one.
 *
 * @example
 * ```ts
 * import { metrics, trace } from '@opentelemetry/api';
 * import { TaskPool } from 'xstate-taskpool';
 * import { instrument } from 'xstate-taskpool/otel';
 *
 * const pool = new TaskPool({ name: 'pages' });
 * instrument(pool, { meter: metrics.getMeter('crawler'), tracer: trace.getTracer('crawler') });
 * await pool.gatherAndClose();
 * ```
 */
export function instrument(pool: BasePool, options: InstrumentOptions): () => void {
  OPTIONS.check('instrument()', options);
  const { meter, tracer, groups = false } = options;
  if (meter === undefined && tracer === undefined) refuse('a meter or a tracer', undefined);
  const instruments = meter instanceof PoolMeter ? instrumentsOf(meter) : meter;
  if (instruments !== undefined && !hasMethods(instruments, 'createHistogram', 'createCounter')) {
    refuse('meter to be one of @opentelemetry/api, or a PoolMeter', meter);
  }
  if (tracer !== undefined && !hasMethods(tracer, 'startActiveSpan')) {
    refuse('tracer to be one of @opentelemetry/api', tracer);
  }
  if (typeof groups !== 'boolean') refuse('groups to be true or false', groups);
  const ends: (() => void)[] = [];
  if (instruments !== undefined) ends.push(measure<unknown>(pool, instruments, groups));
  if (tracer !== undefined) ends.push(trace(pool, tracer));
  const end = () => {
    for (const each of ends.splice(0)) each();
  };
  ends.push(pool.on('pool.closed', end, { once: true }));
  return end;
}
