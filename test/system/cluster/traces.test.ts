/** The trace of a call, in the worker that runs it: OpenTelemetry's own SDK on both sides. */

import { expect, onTestFinished, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { cluster, serve } from 'xstate-taskpool/cluster';
import { instrument } from 'xstate-taskpool/otel';
import { describeWithRedis, LONG_LEASE, redisForTests } from '../../support/redis.ts';
import { activeSpan, startTracing } from '../../support/tracing.ts';

describeWithRedis('in a cluster', () => {
  const redis = redisForTests();

  test('the span of a function is a child of that of its attempt, whatever it comes to', async () => {
    const tracing = startTracing();
    onTestFinished(() => tracing.end());
    const { connection } = redis;
    const module = {
      where: async (_: string) => activeSpan(),
      fail: async (text: string) => Promise.reject(new RangeError(text)),
    };
    const worker = await serve(module, 'traced', {
      connection: redis.withoutThread,
      lease: LONG_LEASE,
    });
    onTestFinished(() => worker.close());
    await using work = cluster<typeof module>('traced', { connection, lease: LONG_LEASE });
    const pool = new TaskPool();
    instrument(pool, { tracer: tracing.tracer });
    const [far] = await pool.map(work.where, ['there']).results();
    const { traceId, spanId } = tracing.spanOf('task where')?.spanContext() ?? {};
    expect(far).toMatchObject({ traceId, parentId: spanId });
    const run = tracing.spanOf('run where');
    expect(run?.attributes).toMatchObject({ 'taskpool.task.id': 0, 'code.function.name': 'where' });

    await expect(pool.map(work.fail, ['no']).results()).rejects.toThrow('no');
    const failed = tracing.spanOf('run fail');
    expect(failed?.status.message).toBe('no');
    expect(failed?.attributes['error.type']).toBe('RangeError');
    expect(failed?.spanContext().traceId).toBe(tracing.spanOf('task fail')?.spanContext().traceId);
    await pool.gatherAndClose({ returnExceptions: true });
  });
});
