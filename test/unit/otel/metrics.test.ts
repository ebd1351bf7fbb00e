/** Measurements, by OpenTelemetry's own SDK. */

import type { Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, expect, test } from 'vitest';
import { instrument } from 'xstate-taskpool/otel';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { taskPool, turn, untilAborted } from '../../support/pools.ts';
import { elsewhere } from '../../support/remote.ts';

let provider: MeterProvider | undefined;
let exporter: InMemoryMetricExporter;

/** A meter of a provider whose measurements can be collected. */
function meter() {
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const exportIntervalMillis = 2 ** 31 - 1;
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis });
  provider = new MeterProvider({ readers: [reader] });
  return provider.getMeter('test');
}

afterEach(async () => {
  await provider?.shutdown();
  provider = undefined;
});

interface Point {
  readonly attributes: Attributes;
  readonly value: unknown;
}

/** What was measured until now, by the names of the metrics. */
async function collected(): Promise<Map<string, Point[]>> {
  await provider?.forceFlush();
  const metrics = exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? [];
  return new Map(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }): Point => ({ attributes, value })),
    ]),
  );
}

const valuesBy = (points: Point[] | undefined, key: string) =>
  Object.fromEntries((points ?? []).map(({ attributes, value }) => [attributes[key], value]));

test('counts are those of the pool when they are collected', async () => {
  const pool = taskPool({ name: 'p', poolSize: 1 });
  instrument(pool, { meter: meter() });
  await pool.map(async (n: number) => n, [1, 2, 3]).results();
  const group = pool.map(untilAborted, [1, 2, 3]);
  await turn();
  const now = await collected();
  expect(valuesBy(now.get('taskpool.task.count'), 'taskpool.task.state')).toEqual({
    queued: 1,
    running: 1,
    delayed: 0,
    cancelled: 0,
  });
  expect(valuesBy(now.get('taskpool.task.ended'), 'taskpool.task.outcome')).toEqual({
    fulfilled: 3,
    rejected: 0,
    cancelled: 0,
  });
  expect(now.get('taskpool.task.pending')).toEqual([
    { attributes: { 'taskpool.pool.name': 'p' }, value: pool.numPending },
  ]);
  expect(now.get('taskpool.slot.max')?.map(({ value }) => value)).toEqual([1]);
  pool.poolSize = 5;
  expect((await collected()).get('taskpool.slot.max')?.map(({ value }) => value)).toEqual([5]);
  group.cancel();
  await group.settled();
});

test('what runs elsewhere is counted by place, a hundred of them apart', async () => {
  const pool = taskPool({ name: 'p', poolSize: 1000 });
  instrument(pool, { meter: meter() });
  const { fn, calls } = elsewhere();
  const group = pool.map(fn, Array(103).keys());
  await turn();
  for (const [index, { context, resolve }] of calls.entries()) {
    context?.placed(`worker-${index}`);
    resolve(index);
  }
  await group.settled();
  const places = valuesBy((await collected()).get('taskpool.task.placed'), 'taskpool.task.place');
  expect(Object.keys(places)).toHaveLength(101);
  expect(places).toMatchObject({ 'worker-0': 1, 'worker-99': 1, '(others)': 3 });
});

test('waits and durations are seconds, of each attempt, by outcome and error', async () => {
  const clock = new SimulatedClock();
  const pool = taskPool({ name: 'p', poolSize: 1, clock });
  instrument(pool, { meter: meter() });
  let calls = 0;
  const work = (n: number) =>
    new Promise<number>((resolve, reject) => {
      clock.setTimeout(() => (++calls === 1 ? reject(new RangeError('no')) : resolve(n)), 2_000);
    });
  const group = pool.map(work, [1], { retry: { limit: 1, delay: 500 } });
  const results = group.results();
  await turn();
  for (const ms of [2_000, 500, 2_000]) {
    await clock.pass(ms);
    await turn();
  }
  expect(await results).toEqual([1]);
  const now = await collected();
  const durations = now.get('taskpool.task.duration') ?? [];
  expect(durations.map(({ attributes }) => attributes)).toEqual([
    {
      'taskpool.pool.name': 'p',
      'taskpool.task.outcome': 'failed',
      'error.type': 'RangeError',
    },
    { 'taskpool.pool.name': 'p', 'taskpool.task.outcome': 'fulfilled' },
  ]);
  expect(durations.map(({ value }) => (value as Histogram).sum)).toEqual([2, 2]);
  const [waits] = now.get('taskpool.task.wait_time') ?? [];
  expect(waits?.attributes).toEqual({ 'taskpool.pool.name': 'p' });
  expect(waits?.value).toMatchObject({ count: 2, sum: 0 });
  expect(now.get('taskpool.task.retries')).toEqual([
    { attributes: { 'taskpool.pool.name': 'p', 'error.type': 'RangeError' }, value: 1 },
  ]);
});

test('a task that never started has waited, but has no duration', async () => {
  const pool = taskPool({ poolSize: 0 });
  instrument(pool, { meter: meter() });
  const group = pool.apply(() => 1);
  await turn();
  group.cancel();
  await group.settled();
  const now = await collected();
  expect(now.get('taskpool.task.wait_time')?.[0]?.value).toMatchObject({ count: 1 });
  expect(now.get('taskpool.task.duration') ?? []).toEqual([]);
});

test('groups are told apart where that is asked for, and ids never', async () => {
  const pool = taskPool();
  instrument(pool, { meter: meter(), groups: true });
  const fails = async () => {
    throw new Error('no');
  };
  await pool.map(fails, [1], { groupName: 'a', retry: { limit: 1, delay: 0 } }).settled();
  await pool.map(async (n: number) => n, [1, 2], { groupName: 'b' }).settled();
  const now = await collected();
  for (const name of ['taskpool.task.wait_time', 'taskpool.task.duration']) {
    const groups = now.get(name)?.map(({ attributes }) => attributes['taskpool.group.name']);
    expect([...new Set(groups)]).toEqual(['a', 'b']);
  }
  expect(valuesBy(now.get('taskpool.task.retries'), 'taskpool.group.name')).toEqual({ a: 1 });
  const keys = [...now.values()].flat().flatMap(({ attributes }) => Object.keys(attributes));
  expect(keys.filter((key) => /id$|index/.test(key))).toEqual([]);
});

test('of a pool that is closed, or no longer instrumented, the last that is seen is nothing', async () => {
  const pools = ['a', 'b', 'c'].map((name) => taskPool({ name, poolSize: 2 }));
  const shared = meter();
  const ends = pools.map((pool) => instrument(pool, { meter: shared }));
  const seen = async () =>
    valuesBy((await collected()).get('taskpool.slot.max'), 'taskpool.pool.name');
  expect(await seen()).toEqual({ a: 2, b: 2, c: 2 });
  await pools[0]?.gatherAndClose();
  ends[1]?.();
  expect(await seen()).toEqual({ a: 0, b: 0, c: 2 });
  expect(await seen()).toEqual({ a: 0, b: 0, c: 2 });
});

test('what is no meter or tracer is refused', () => {
  const pool = taskPool();
  expect(() => instrument(pool, {})).toThrow('expected a meter or a tracer, got undefined');
  expect(() => instrument(pool, { meter: {} as never })).toThrow(/expected meter to be one of/);
  expect(() => instrument(pool, { tracer: {} as never })).toThrow(/expected tracer to be one of/);
  expect(() => instrument(pool, { traces: true } as never)).toThrow(/did you mean 'tracer'/);
});
