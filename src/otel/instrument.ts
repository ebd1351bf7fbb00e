/** Lets OpenTelemetry see a pool. */

import type { Meter, Tracer } from '@opentelemetry/api';
import type { BasePool } from '../index.ts';
import { hasMethods, refuse } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { measure } from './metrics.ts';
import { trace } from './traces.ts';

/** Options of {@link instrument}: a meter, a tracer, or both. */
export interface InstrumentOptions {
  /** What measures: `metrics.getMeter('my-program')` of `@opentelemetry/api`. Default: none. */
  readonly meter?: Meter;
  /** What makes spans: `trace.getTracer('my-program')` of `@opentelemetry/api`. Default: none. */
  readonly tracer?: Tracer;
  /**
   * Whether times and retries are measured by group as well, with an attribute `taskpool.group.name`: for
   * programs whose groups are few and have names that recur. Default: false.
   */
  readonly groups?: boolean;
}

const OPTIONS = new OptionBag<InstrumentOptions>({ meter: [], tracer: [], groups: ['byGroup'] });

/**
 * Measures a pool, and makes a span for each attempt of a task: a child of the span that was active at the
 * call that made the task, linked to the attempt before it if that has failed. What the function does is
 * within it. It ends by itself when the pool is closed.
 *
 * @returns what ends it before.
 * @throws TypeError without a meter or tracer, or for one that is none.
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
  if (meter !== undefined && !hasMethods(meter, 'createHistogram', 'createCounter')) {
    refuse('meter to be one of @opentelemetry/api', meter);
  }
  if (tracer !== undefined && !hasMethods(tracer, 'startActiveSpan')) {
    refuse('tracer to be one of @opentelemetry/api', tracer);
  }
  if (typeof groups !== 'boolean') refuse('groups to be true or false', groups);
  const ends: (() => void)[] = [];
  if (meter !== undefined) ends.push(measure(pool, meter, groups));
  if (tracer !== undefined) ends.push(trace(pool, tracer));
  const end = () => {
    for (const each of ends.splice(0)) each();
  };
  ends.push(pool.on('pool.closed', end, { once: true }));
  return end;
}
