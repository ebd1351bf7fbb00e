/** The trace of a call, in the thread that runs it: OpenTelemetry's own SDK on both sides. */

import { expect, onTestFinished, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { instrument } from 'xstate-taskpool/otel';
import { threads } from 'xstate-taskpool/threads';
import { programUrl } from '../../support/threads.ts';
import { startTracing } from '../../support/tracing.ts';
import type * as traced from './programs/traced.ts';

test('the span of a function in a thread is a child of that of its attempt', async () => {
  const tracing = startTracing();
  onTestFinished(() => tracing.end());
  const work = threads<typeof traced>(programUrl('traced'), { max: 1 });
  onTestFinished(() => work.close({ grace: 0 }));
  const pool = new TaskPool();
  instrument(pool, { tracer: tracing.tracer });
  const [far] = await pool.map(work.where, ['there']).results();
  const attempt = tracing.spanOf('task where');
  const { traceId, spanId } = attempt?.spanContext() ?? {};
  expect(far).toMatchObject({ traceId, parentId: spanId });
  expect(attempt?.attributes['taskpool.task.place']).toMatch(/^thread-\d+$/);
  await pool.gatherAndClose();
});

test('where nothing is traced, nothing goes along', async () => {
  const work = threads<typeof traced>(programUrl('traced'), { max: 1 });
  onTestFinished(() => work.close({ grace: 0 }));
  const pool = new TaskPool();
  expect(await pool.map(work.where, ['there']).results()).toEqual([{ traceId: '', spanId: '' }]);
  await pool.gatherAndClose();
});
