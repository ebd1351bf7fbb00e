/** Creates a span for each attempt. */

import type { Exception, Span, SpanContext, SpanStatusCode, Tracer } from '@opentelemetry/api';
import {
  type AttemptEvent,
  attemptEnds,
  type BasePool,
  type ErrorData,
  type TaskContext,
} from '../index.ts';
import { read } from '../kit/realms.ts';
import { attributesOf, ERROR_TYPE, OUTCOME, PLACE } from './attributes.ts';

/** A constant, since only types are imported from the API, so that it need not be installed where this is loaded. */
const ERROR: SpanStatusCode.ERROR = 2;

/** Creates spans for the attempts of a pool until the returned function is called. */
export function trace(pool: BasePool, tracer: Tracer): () => void {
  const spans = new Spans(tracer);
  const undo = [
    // Runs within the context of the call that created the task.
    pool.around((task, run) => spans.within(task, run)),
    // The pool decides about the outcome of an attempt: a function that throws may do so because of a cancel.
    attemptEnds(pool, {
      fulfilled: (id) => spans.ended(id, 'fulfilled', undefined),
      other: (event) => follow(spans, event),
    }),
  ];
  return () => {
    for (const each of undo) each();
    spans.endAll();
  };
}

function follow(spans: Spans, event: AttemptEvent): void {
  const { id } = event;
  if (event.type === 'task.placed') spans.placed(id, event.by);
  else if (event.type === 'task.failed') spans.failed(id, event.error);
  else if (event.type === 'task.ended') spans.ended(id, event.outcome, event.error);
  // Before the cancel callback, which is not part of the attempt.
  else spans.end(id, 'cancelled');
}

/** A running attempt. */
interface Attempt {
  readonly span: Span;
  /** The error thrown by its function. */
  thrown: unknown;
}

class Spans {
  readonly #tracer: Tracer;
  /** Running attempts, by the ids of their tasks. */
  readonly #open = new Map<number, Attempt>();
  /** The spans of the latest failed attempts of tasks that are retried. */
  readonly #failed = new Map<number, SpanContext>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** Runs an attempt with its span active. */
  within(task: TaskContext, run: () => Promise<unknown>): Promise<unknown> {
    const { id, functionName } = task;
    const before = this.#failed.get(id);
    const attributes = attributesOf(task);
    const options =
      before === undefined ? { attributes } : { attributes, links: [{ context: before }] };
    return this.#tracer.startActiveSpan(`task ${functionName}`, options, (span) => {
      const attempt: Attempt = { span, thrown: undefined };
      this.#open.set(id, attempt);
      const running = run();
      running.then(undefined, (error: unknown) => {
        attempt.thrown = error;
      });
      return running;
    });
  }

  /** A remote attempt has begun. */
  placed(id: number, by: string): void {
    this.#open
      .get(id)
      ?.span.setAttribute(PLACE, by)
      .addEvent('task.placed', { [PLACE]: by });
  }

  /** A task has ended. */
  ended(id: number, outcome: string, error: ErrorData | undefined): void {
    this.end(id, outcome, error);
    this.#failed.delete(id);
  }

  /** An attempt has failed, and a retry follows. */
  failed(id: number, error: ErrorData): void {
    const attempt = this.#open.get(id);
    if (attempt !== undefined) this.#failed.set(id, attempt.span.spanContext());
    this.end(id, 'failed', error);
  }

  /** Ends the span of an attempt, if there is one. */
  end(id: number, outcome: string, error?: ErrorData): void {
    const attempt = this.#open.get(id);
    if (attempt === undefined) return;
    this.#open.delete(id);
    const { span, thrown } = attempt;
    span.setAttribute(OUTCOME, outcome);
    if (error !== undefined) {
      span.setAttribute(ERROR_TYPE, error.name);
      span.recordException(exceptionOf(error, thrown));
      span.setStatus({ code: ERROR, message: error.message });
    }
    span.end();
  }

  /** Ends the spans of attempts whose end will not be observed. */
  endAll(): void {
    for (const { span } of this.#open.values()) span.end();
    this.#open.clear();
    this.#failed.clear();
  }
}

/** Adds the stack of the thrown error, unless the pool has determined another error, such as a timeout. */
function exceptionOf(error: ErrorData, thrown: unknown): Exception {
  const { name, message } = error;
  const stack = read(thrown, 'stack');
  return read(thrown, 'message') === message && typeof stack === 'string'
    ? { name, message, stack }
    : { name, message };
}
