/** Spans of attempts, by OpenTelemetry's own SDK and in Node's async contexts. */

import { type Context, context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BasePool } from 'xstate-taskpool';
import { instrument } from 'xstate-taskpool/otel';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { Log, taskPool, turn, untilAborted } from '../../support/pools.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer('test');

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => exporter.reset());
afterAll(() => context.disable());

/** The spans that have ended, of a name. */
const named = (name: string): ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name);
const one = (name: string): ReadableSpan => {
  const spans = named(name);
  expect(spans).toHaveLength(1);
  return spans[0]!;
};
const idOf = (span: ReadableSpan | undefined) => span?.spanContext().spanId;

/** Runs something within a span of its own. */
async function within<R>(name: string, run: () => Promise<R>): Promise<R> {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await run();
    } finally {
      span.end();
    }
  });
}

test('a span of an attempt is a child of the call, and what the function does nests under it', async () => {
  const pool = taskPool({ poolSize: 1, name: 'p' });
  instrument(pool, { tracer });
  async function load(n: number) {
    await turn();
    return within(`inner ${n}`, async () => n);
  }
  const call = (n: number) =>
    within(`call ${n}`, () => pool.map(load, [n], { groupName: `g${n}` }).results());
  await Promise.all([call(1), call(2)]);
  const spans = named('task load');
  expect(spans).toHaveLength(2);
  for (const [i, span] of spans.entries()) {
    const n = i + 1;
    expect(span.parentSpanContext?.spanId).toBe(idOf(one(`call ${n}`)));
    expect(one(`inner ${n}`).parentSpanContext?.spanId).toBe(idOf(span));
    expect(span.attributes).toEqual({
      'taskpool.pool.name': 'p',
      'taskpool.group.name': `g${n}`,
      'code.function.name': 'load',
      'taskpool.task.id': i,
      'taskpool.task.index': 0,
      'taskpool.task.attempt': 1,
      'taskpool.task.outcome': 'fulfilled',
    });
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  }
});

test('each attempt has a span, linked to the one before it', async () => {
  const pool = taskPool();
  instrument(pool, { tracer });
  let calls = 0;
  const flaky = async () => {
    if (++calls < 3) throw new RangeError(`no ${calls}`);
    return 'yes';
  };
  await within('call', () => pool.apply(flaky, [], { retry: { limit: 2, delay: 0 } }).results());
  const spans = named('task flaky');
  expect(spans.map(({ attributes }) => attributes['taskpool.task.attempt'])).toEqual([1, 2, 3]);
  expect(spans.map(({ attributes }) => attributes['taskpool.task.outcome'])).toEqual([
    'failed',
    'failed',
    'fulfilled',
  ]);
  expect(spans.map(({ links }) => links.map((link) => link.context.spanId))).toEqual([
    [],
    [idOf(spans[0])],
    [idOf(spans[1])],
  ]);
  const parent = idOf(one('call'));
  expect(spans.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
    parent,
    parent,
    parent,
  ]);
});

test('an error is recorded with its type and its stack', async () => {
  const pool = taskPool();
  instrument(pool, { tracer });
  const breaks = async () => {
    throw new RangeError('too far');
  };
  await pool.apply(breaks).settled();
  const { attributes, status, events } = one('task breaks');
  expect(attributes).toMatchObject({
    'error.type': 'RangeError',
    'taskpool.task.outcome': 'rejected',
  });
  expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'too far' });
  expect(events.map(({ name }) => name)).toEqual(['exception']);
  expect(events[0]?.attributes).toMatchObject({
    'exception.type': 'RangeError',
    'exception.message': 'too far',
    'exception.stacktrace': expect.stringContaining('traces.test.ts'),
  });
});

test('a task that gives in to its cancellation has no error, one that has not started no span', async () => {
  const pool = taskPool({ poolSize: 1 });
  instrument(pool, { tracer });
  const group = pool.map(untilAborted, [1, 2], { numConcurrent: 2 });
  await turn();
  group.cancel('enough');
  await group.settled();
  const { attributes, status, events } = one('task untilAborted');
  expect(attributes['taskpool.task.outcome']).toBe('cancelled');
  expect(attributes['error.type']).toBeUndefined();
  expect(status.code).toBe(SpanStatusCode.UNSET);
  expect(events).toEqual([]);
});

test('an attempt that has reached its time limit says so', async () => {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock });
  instrument(pool, { tracer });
  const group = pool.apply(untilAborted, [1], { timeout: 100 });
  await turn();
  await clock.pass(100);
  await group.settled();
  const { attributes, status } = one('task untilAborted');
  expect(attributes['error.type']).toBe('TaskTimedOut');
  expect(status.code).toBe(SpanStatusCode.ERROR);
});

test('other middleware runs within the span', async () => {
  const seen: (Context | undefined)[] = [];
  const pool = taskPool({
    around: (_, run) => {
      seen.push(context.active());
      return run();
    },
  });
  instrument(pool, { tracer });
  await pool.apply(function work() {}).results();
  expect(seen.map((each) => each && trace.getSpan(each)?.spanContext().spanId)).toEqual([
    idOf(one('task work')),
  ]);
});

test('it can be ended, and then attempts have no spans; those that run end there', async () => {
  const pool = taskPool();
  const end = instrument(pool, { tracer });
  const group = pool.map(untilAborted, [1]);
  await turn();
  end();
  expect(named('task untilAborted')).toHaveLength(1);
  await pool.apply(() => 1).results();
  group.cancel();
  await group.settled();
  expect(exporter.getFinishedSpans()).toHaveLength(1);
});

test('without an SDK it does nothing, and tasks run as before', async () => {
  const pool = taskPool();
  instrument(pool, { tracer: trace.getTracer('none') });
  expect(await pool.map((n: number) => n * 2, [1, 2]).results()).toEqual([2, 4]);
});

test('an SDK that throws at the end of a span is logged, and stops neither the pool nor other spans', async () => {
  const logger = new Log();
  const pool = taskPool({ logger });
  instrument(pool, { tracer });
  const breakSpan = (n: number) => {
    const span = trace.getActiveSpan();
    if (n === 2 && span !== undefined) {
      span.end = () => {
        throw new Error('no exporter');
      };
    }
    return n;
  };
  expect(await pool.map(breakSpan, [1, 2, 3]).results()).toEqual([1, 2, 3]);
  expect(named('task breakSpan')).toHaveLength(2);
  expect(logger.lines).toEqual([
    ['passing on the end of an attempt failed', new Error('no exporter')],
  ]);
});

test('slots still pass directly from task to task', async () => {
  const pool = taskPool({ actors: 'lazy' });
  const { door } = BasePool.coreOf(pool);
  pool.on('task.queued', () => {})();
  expect(door.mayRelay).toBe(true);
  instrument(pool, { tracer });
  expect(door.mayRelay).toBe(true);
  const end = pool.on('task.ended', () => {});
  expect(door.mayRelay).toBe(false);
  end();
});
