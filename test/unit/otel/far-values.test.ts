/** What functions return and throw may be of another realm, or hostile: their spans end all the same. */

import { runInNewContext } from 'node:vm';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { instrument } from 'xstate-taskpool/otel';
import { withinTrace } from '../../../src/remote/trace.ts';
import { taskPool, turn } from '../../support/pools.ts';
import { startTracing } from '../../support/tracing.ts';

const trap = (): never => {
  throw new Error('trap');
};
const hostile = [
  ['a revoked proxy', revoked()],
  ['an object whose traps throw', new Proxy(new Error('x'), { get: trap, getPrototypeOf: trap })],
  ['an error without a text', Object.assign(new Error(), { message: Symbol('m'), name: 1 })],
] as const;

describe('a span of a function that runs elsewhere', () => {
  const call = {
    id: 1,
    index: 0,
    attempt: 1,
    groupName: 'g',
    functionName: 'far',
    poolName: 'p',
  };
  const run = (fn: () => unknown) => withinTrace({ traceparent: '' }, call, fn);

  test('ends when a promise of another realm has settled, and takes it once', async () => {
    const tracing = startTracing();
    const settle = runInNewContext(
      '(() => { let go; const p = new Promise((r) => { go = r }); return { p, go } })()',
    );
    const result = run(() => settle.p);
    await turn();
    expect(tracing.spanOf('run far')).toBeUndefined();
    settle.go(3);
    expect(await result).toBe(3);
    expect(tracing.spanOf('run far')).toBeDefined();
    tracing.end();
  });

  test.each(hostile)('ends with an error where %s is thrown, now or later', async (_, thrown) => {
    for (const fn of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      const tracing = startTracing();
      const failure = await Promise.resolve()
        .then(() => run(fn))
        .then(
          () => undefined,
          (error: unknown) => ({ error }),
        );
      expect(Object.is(failure?.error, thrown)).toBe(true);
      expect(tracing.spanOf('run far')?.events).toHaveLength(1);
      tracing.end();
    }
  });
});

describe('a span of an attempt', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(() => exporter.reset());
  afterAll(() => context.disable());

  test.each(hostile)('ends where %s is thrown', async (_, thrown) => {
    const pool = taskPool();
    instrument(pool, { tracer: provider.getTracer('test') });
    const breaks = async () => {
      throw thrown;
    };
    await pool.apply(breaks).settled();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['task breaks']);
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
