/** A span for each attempt. */

import type { Exception, Span, SpanContext, SpanStatusCode, Tracer } from '@opentelemetry/api';
import type { BasePool, ErrorData, TaskContext } from '../index.ts';
import { read } from '../kit/realms.ts';
import { attributesOf, ERROR_TYPE, OUTCOME, PLACE } from './attributes.ts';

/** Only the types of the API are imported, so that it need not be there where this is loaded. */
const ERROR: SpanStatusCode.ERROR = 2;

/** Makes spans of the attempts of a pool until the function that it returns is called. */
export function trace(pool: BasePool, tracer: Tracer): () => void {
  const spans = new Spans(tracer);
  const undo = [
    // Within the context of the call that made the task.
    pool.around((task, run) => spans.within(task, run)),
    // The pool decides what an attempt comes to: a function that throws may give in to a cancel.
    pool.on('task.ended', ({ id, outcome, error }) => spans.ended(id, outcome, error)),
    pool.on('task.failed', ({ id, error }) => spans.failed(id, error)),
    pool.on('task.placed', ({ id, by }) => spans.placed(id, by)),
    // Before the cancel callback, which is not part of the attempt.
    pool.on('task.cancelled', ({ id }) => spans.end(id, 'cancelled')),
  ];
  return () => {
    for (const each of undo) each();
    spans.endAll();
  };
}

/** An attempt that runs. */
interface Attempt {
  readonly span: Span;
  /** What its function has thrown. */
  thrown: unknown;
}

class Spans {
  readonly #tracer: Tracer;
  /** Of attempts that run, by the ids of their tasks. */
  readonly #open = new Map<number, Attempt>();
  /** Of the latest failed attempts of tasks that are run again. */
  readonly #failed = new Map<number, SpanContext>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** Runs an attempt with its span as the active one. */
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

  /** An attempt has begun elsewhere. */
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

  /** An attempt has failed, and another one follows. */
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

  /** Ends the spans of attempts whose end is not going to be seen. */
  endAll(): void {
    for (const { span } of this.#open.values()) span.end();
    this.#open.clear();
    this.#failed.clear();
  }
}

/** What was thrown has a stack; the pool may have found another reason, as that a limit was reached. */
function exceptionOf(error: ErrorData, thrown: unknown): Exception {
  const { name, message } = error;
  const stack = read(thrown, 'stack');
  return read(thrown, 'message') === message && typeof stack === 'string'
    ? { name, message, stack }
    : { name, message };
}
