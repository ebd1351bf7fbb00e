/** What a pool sends to a collector: OTLP over HTTP, to a receiver of the test's own. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { JsonMetricsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { expect, onTestFinished, test } from 'vitest';
import { instrument } from 'xstate-taskpool/otel';
import { taskPool } from '../../support/pools.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface SpanData {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly links: readonly { readonly spanId: string }[];
  readonly attributes: readonly Attribute[];
}

interface MetricData {
  readonly name: string;
  readonly unit: string;
  readonly histogram?: { readonly dataPoints: readonly { readonly count: number }[] };
}

/** A collector: what was posted to it, by path. */
async function collector() {
  const posted = new Map<string, unknown[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      posted.set(path, [...(posted.get(path) ?? []), JSON.parse(String(Buffer.concat(chunks)))]);
      response.setHeader('Content-Type', 'application/json');
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pending: Promise<unknown>[] = [];
  const post = (path: string, body: Uint8Array | undefined): void => {
    const headers = { 'Content-Type': 'application/json', Connection: 'close' };
    pending.push(fetch(base + path, { method: 'POST', headers, body: Buffer.from(body ?? []) }));
  };
  return { posted, post, sent: () => Promise.all(pending) };
}

test('spans and metrics arrive at a collector as OTLP', async () => {
  const { posted, post, sent } = await collector();
  const spanExporter: SpanExporter = {
    export(spans, done) {
      post('/v1/traces', JsonTraceSerializer.serializeRequest(spans));
      done({ code: 0 });
    },
    shutdown: async () => {},
  };
  const metricExporter: PushMetricExporter = {
    export(metrics, done) {
      post('/v1/metrics', JsonMetricsSerializer.serializeRequest(metrics));
      done({ code: 0 });
    },
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  onTestFinished(() => context.disable());
  const tracers = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spanExporter)],
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 2 ** 31 - 1,
  });
  const meters = new MeterProvider({ readers: [reader] });

  const pool = taskPool({ name: 'pages', poolSize: 2 });
  const tracer = tracers.getTracer('test');
  instrument(pool, { tracer, meter: meters.getMeter('test') });
  let attempts = 0;
  async function load(page: string): Promise<string> {
    if (page === '/bad' && attempts++ === 0) throw new RangeError('once');
    return page;
  }
  await tracer.startActiveSpan('crawl', async (span) => {
    const retry = { limit: 1, delay: 0, jitter: 'none' } as const;
    await pool.map(load, ['/good', '/bad'], { retry }).results();
    span.end();
  });
  await meters.forceFlush();
  await pool.gatherAndClose();
  await tracers.shutdown();
  await meters.shutdown();
  await sent();

  const spans = (posted.get('/v1/traces') ?? []).flatMap((body) => {
    const { resourceSpans } = body as {
      resourceSpans: { scopeSpans: { spans: SpanData[] }[] }[];
    };
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  });
  const crawl = spans.find(({ name }) => name === 'crawl');
  const tasks = spans.filter(({ name }) => name === 'task load');
  expect(tasks.length).toBe(3);
  for (const { parentSpanId } of tasks) expect(parentSpanId).toBe(crawl?.spanId);
  const failed = tasks.find(({ status }) => status.code === 2);
  const again = tasks.find(({ links }) => links.length > 0);
  expect(again?.links[0]?.spanId).toBe(failed?.spanId);
  const attributes = new Map(failed?.attributes.map(({ key, value }) => [key, value]));
  expect(attributes.get('error.type')?.stringValue).toBe('RangeError');
  expect(attributes.get('taskpool.pool.name')?.stringValue).toBe('pages');

  const [first] = posted.get('/v1/metrics') ?? [];
  const { resourceMetrics } = first as {
    resourceMetrics: { scopeMetrics: { metrics: MetricData[] }[] }[];
  };
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics),
  );
  expect(metrics.map(({ name, unit }) => `${name} ${unit}`).sort()).toEqual([
    'taskpool.slot.max {slot}',
    'taskpool.task.count {task}',
    'taskpool.task.duration s',
    'taskpool.task.ended {task}',
    'taskpool.task.pending {task}',
    'taskpool.task.retries {retry}',
    'taskpool.task.wait_time s',
  ]);
  const durations = metrics.find(({ name }) => name === 'taskpool.task.duration');
  const counts = durations?.histogram?.dataPoints.map(({ count }) => Number(count)) ?? [];
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
});
