/** Lets traces go along with calls of functions that run elsewhere. */

import type {
  ContextAPI,
  PropagationAPI,
  Span,
  SpanKind,
  SpanStatusCode,
  Tracer,
} from '@opentelemetry/api';
import { hasMethods, refuse } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { isError } from '../kit/realms.ts';
import { setPropagation, type TraceCarrier, type TracedCall } from '../remote/trace.ts';
import { attributesOf, ERROR_TYPE } from './attributes.ts';

/** Options of {@link propagateTraces}. */
export interface PropagationOptions {
  /** `context` of `@opentelemetry/api`. */
  readonly context: Pick<ContextAPI, 'active' | 'with'>;
  /** `propagation` of `@opentelemetry/api`: what the SDK has registered, `traceparent` by default. */
  readonly propagation: Pick<PropagationAPI, 'inject' | 'extract'>;
  /**
   * Where functions run: makes a span for each of them, a child of that of the attempt. Default: none, what
   * the function does itself is then a child of the attempt.
   */
  readonly tracer?: Tracer;
}

const OPTIONS = new OptionBag<PropagationOptions>({ context: [], propagation: [], tracer: [] });

/** Only the types of the API are imported, so that it need not be there where this is loaded. */
const CONSUMER: SpanKind.CONSUMER = 4;
const ERROR: SpanStatusCode.ERROR = 2;

/**
 * Has the trace context travel with the calls of functions that run in threads or in workers of a cluster. Call
 * it on both sides, once: in the program that has the pool, beside {@link instrument}, and in the module whose
 * functions run elsewhere. It holds for the process, or for the thread.
 *
 * @returns what ends it, and puts back what was there before.
 * @throws TypeError without a context or propagation.
 *
 * @example
 * ```ts
 * import { context, propagation, trace } from '@opentelemetry/api';
 * import { propagateTraces } from 'xstate-taskpool/otel';
 *
 * propagateTraces({ context, propagation, tracer: trace.getTracer('worker') });
 * ```
 */
export function propagateTraces(options: PropagationOptions): () => void {
  OPTIONS.check('propagateTraces()', options);
  const { context, propagation, tracer } = options;
  if (!hasMethods(context, 'active', 'with')) {
    refuse('context to be that of @opentelemetry/api', context);
  }
  if (!hasMethods(propagation, 'inject', 'extract')) {
    refuse('propagation to be that of @opentelemetry/api', propagation);
  }
  if (tracer !== undefined && !hasMethods(tracer, 'startActiveSpan')) {
    refuse('tracer to be one of @opentelemetry/api', tracer);
  }
  const before = setPropagation({
    inject() {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return carrier;
    },
    within(carrier: TraceCarrier, call: TracedCall, run) {
      const parent = propagation.extract(context.active(), carrier);
      if (tracer === undefined) return context.with(parent, run);
      const options = { kind: CONSUMER, attributes: attributesOf(call) };
      return tracer.startActiveSpan(`run ${call.functionName}`, options, parent, (span) =>
        ended(span, run),
      );
    },
  });
  return () => void setPropagation(before);
}

/** Runs a function, and ends its span when what it gives has settled. */
function ended<T>(span: Span, run: () => T): T {
  const failed = (error: unknown): void => {
    const { name, message } = Object(error) as { name?: unknown; message?: unknown };
    span.setAttribute(ERROR_TYPE, typeof name === 'string' ? name : typeof error);
    span.recordException(isError(error) ? error : String(message ?? error));
    span.setStatus({ code: ERROR, message: String(message ?? error) });
    span.end();
  };
  let result: T;
  try {
    result = run();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (!(result instanceof Promise)) span.end();
  else {
    result.then(
      () => span.end(),
      (error: unknown) => failed(error),
    );
  }
  return result;
}
