/** OpenTelemetry's own SDK, set up as programs do: for this process or this thread. */

import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { propagateTraces } from 'xstate-taskpool/otel';

/** What was traced, and what ends it. */
export interface Tracing {
  readonly tracer: ReturnType<BasicTracerProvider['getTracer']>;
  /** The span of a name that has ended; undefined if there is none. */
  spanOf(name: string): ReadableSpan | undefined;
  end(): void;
}

/** Traces go along with calls from here on. */
export function startTracing(): Tracing {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer('test');
  const endPropagation = propagateTraces({ context, propagation, tracer });
  return {
    tracer,
    spanOf: (name) => exporter.getFinishedSpans().find((span) => span.name === name),
    end() {
      endPropagation();
      propagation.disable();
      context.disable();
    },
  };
}

/** The span that is active: its trace, itself, and whether it has come from elsewhere. */
export function activeSpan() {
  const { traceId = '', spanId = '' } = trace.getActiveSpan()?.spanContext() ?? {};
  const { parentSpanContext } = (trace.getActiveSpan() ?? {}) as Partial<ReadableSpan>;
  return { traceId, spanId, parentId: parentSpanContext?.spanId };
}
