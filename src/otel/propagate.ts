/** `propagateTraces()`: propagates trace contexts with remote calls. */

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
import { isThenable } from '../kit/promises.ts';
import { isError, read } from '../kit/realms.ts';
import { setPropagation, type TraceCarrier, type TracedCall } from '../remote/trace.ts';
import { attributesOf, ERROR_TYPE } from './attributes.ts';

/** Options of {@link propagateTraces}. */
export interface PropagationOptions {
  /** The `context` of `@opentelemetry/api`. */
  readonly context: Pick<ContextAPI, 'active' | 'with'>;
  /** The `propagation` of `@opentelemetry/api`: the propagator of the SDK, by default `traceparent`. */
  readonly propagation: Pick<PropagationAPI, 'inject' | 'extract'>;
  /**
   * Creates a span for each function where it runs, as a child of the attempt's span. Default: none; spans of the
   * function are then children of the attempt's span.
   */
  readonly tracer?: Tracer;
}

const OPTIONS = new OptionBag<PropagationOptions>({ context: [], propagation: [], tracer: [] });

/** A constant, since only types are imported from the API, so that it need not be installed where this is loaded. */
const CONSUMER: SpanKind.CONSUMER = 4;
const ERROR: SpanStatusCode.ERROR = 2;

/**
 * Propagates the trace context with calls of functions that run in threads or in workers of a cluster. Call it once
 * on both sides: in the program with the pool, next to {@link instrument}, and in the module whose functions run
 * remotely. It applies to the process or thread.
 *
 * @returns a function that ends it, and restores the previous propagation.
 * @throws TypeError without a context or propagation, or for an invalid option.
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

/** Runs a function, and ends its span when the result has settled. */
function ended<T>(span: Span, run: () => T): T {
  let result: T;
  let isLater: boolean;
  try {
    result = run();
    isLater = isThenable(result);
  } catch (error) {
    failed(span, error);
    throw error;
  }
  if (isLater) return settled(span, result) as T;
  span.end();
  return result;
}

/** Awaits the result, since a thenable of any kind must be subscribed to only once. */
async function settled(span: Span, result: unknown): Promise<unknown> {
  try {
    const value = await result;
    span.end();
    return value;
  } catch (error) {
    failed(span, error);
    throw error;
  }
}

/** Anything may be thrown, even an object whose getters throw. */
function failed(span: Span, error: unknown): void {
  const [name, message, stack] = ['name', 'message', 'stack'].map((key) => read(error, key));
  const type = typeof name === 'string' ? name : typeof error;
  const text = typeof message === 'string' ? message : textOf(error);
  span.setAttribute(ERROR_TYPE, type);
  span.recordException(
    isError(error) && typeof stack === 'string' ? { name: type, message: text, stack } : text,
  );
  span.setStatus({ code: ERROR, message: text });
  span.end();
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `[${typeof value}]`;
  }
}
