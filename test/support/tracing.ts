/** OpenTelemetry's own SDK, set up as in programs, for this process or thread. */

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

/** The recorded spans, and how to end tracing. */
export interface Tracing {
  readonly tracer: ReturnType<BasicTracerProvider['getTracer']>;
  /** The ended span with a name; undefined if there is none. */
  spanOf(name: string): ReadableSpan | undefined;
  end(): void;
}

/** Starts to propagate traces with calls. */
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

/** The active span: its trace, its id, and whether it is remote. */
export function activeSpan() {
  const { traceId = '', spanId = '' } = trace.getActiveSpan()?.spanContext() ?? {};
  const { parentSpanContext } = (trace.getActiveSpan() ?? {}) as Partial<ReadableSpan>;
  return { traceId, spanId, parentId: parentSpanContext?.spanId };
}
