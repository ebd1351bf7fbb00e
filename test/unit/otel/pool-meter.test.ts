/** `PoolMeter` exports what a meter of OpenTelemetry's SDK exports. */

import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { BasePool } from 'xstate-taskpool';
import { instrument, PoolMeter } from 'xstate-taskpool/otel';
import { taskPool, turn, untilAborted } from '../../support/pools.ts';
import { elsewhere } from '../../support/remote.ts';

const LATER = 2 ** 31 - 1;

/** A meter of the SDK and one of ours, and what their reader exports for each of them. */
function bothMeters() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const own = new PoolMeter();
  const provider = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: LATER,
        metricProducers: [own],
      }),
    ],
  });
  onTestFinished(() => provider.shutdown());
  const sdk = provider.getMeter('sdk');
  return {
    instrument(pool: BasePool, groups = false) {
      const ends = [sdk, own].map((meter) => instrument(pool, { meter, groups }));
      return () => {
        for (const end of ends) end();
      };
    },
    async collect() {
      await provider.forceFlush();
      const { scopeMetrics = [] } = exporter.getMetrics().at(-1) ?? {};
      const of = (scope: string) =>
        plain(scopeMetrics.find(({ scope: { name } }) => name === scope)?.metrics ?? []);
      return { sdk: of('sdk'), own: of('xstate-taskpool') };
    },
  };
}

/** Metrics without their times, in an order of their own. */
function plain(metrics: readonly MetricData[]) {
  const by = (value: unknown) => JSON.stringify(value);
  return metrics
    .map(({ descriptor, aggregationTemporality, dataPointType, ...rest }) => {
      const { name, description, unit, valueType } = descriptor;
      const points = (rest.dataPoints as { attributes: unknown; value: unknown }[])
        .map(({ attributes, value }) => ({ attributes, value: withRoundSum(value) }))
        .sort((a, b) => (by(a.attributes) < by(b.attributes) ? -1 : 1));
      const { isMonotonic } = rest as { isMonotonic?: boolean };
      const about = { name, description, unit, valueType, aggregationTemporality, dataPointType };
      return { ...about, isMonotonic, points };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The SDK adds the sums of the periods between two collections, and so rounds differently. */
const withRoundSum = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'sum' in value
    ? { ...value, sum: Number(value.sum).toFixed(9) }
    : value;

test('values, attributes and descriptions are those of the SDK', async () => {
  const { instrument: observe, collect } = bothMeters();
  const pool = taskPool({ name: 'p', poolSize: 2 });
  observe(pool);
  const fails = async (n: number) => {
    await turn();
    if (n % 3 === 0) throw n % 2 === 0 ? new RangeError('even') : new TypeError('odd');
  };
  await pool.map(fails, Array(20).keys(), { retry: { limit: 1, delay: 0 } }).settled();
  const { fn, calls } = elsewhere();
  const remote = pool.map(fn, [1, 2]);
  await turn();
  for (const { context, resolve } of calls) {
    context?.placed('worker-1');
    resolve(1);
  }
  await remote.settled();
  const group = pool.map(untilAborted, [1, 2, 3]);
  await turn();
  const running = await collect();
  expect(running.own).toHaveLength(8);
  expect(running.own).toEqual(running.sdk);
  group.cancel();
  await pool.gatherAndClose({ returnExceptions: true });
  const closed = await collect();
  expect(closed.own).toEqual(closed.sdk);
  expect(closed.own).not.toEqual(running.own);
});

test('they are those of the SDK for any tasks of several pools, with and without groups', async () => {
  const work = fc.record({
    pool: fc.constantFrom(0, 1),
    group: fc.constantFrom('a', 'b', 'c'),
    fails: fc.constantFrom('', 'RangeError', 'TypeError'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 30 }), fc.boolean(), async (tasks, groups) => {
      const { instrument: observe, collect } = bothMeters();
      const pools = ['p', 'q'].map((name) => taskPool({ name, poolSize: 3, retain: 'none' }));
      const ends = pools.map((pool) => observe(pool, groups));
      for (const { pool, group, fails } of tasks) {
        const run = () => {
          if (fails !== '') throw Object.assign(new Error('no'), { name: fails });
        };
        await pools[pool]?.apply(run, [], { groupName: group }).settled();
        if (fails !== '') continue;
        const { own, sdk } = await collect();
        expect(own).toEqual(sdk);
      }
      ends[0]?.();
      const { own, sdk } = await collect();
      expect(own).toEqual(sdk);
    }),
    { numRuns: 20 },
  );
});

test('too many different errors are counted together, as by the SDK', async () => {
  const { instrument: observe, collect } = bothMeters();
  const pool = taskPool({ name: 'p', poolSize: 10 });
  observe(pool);
  const fails = (n: number) => {
    throw Object.assign(new Error('no'), { name: `Error${n}` });
  };
  await pool.map(fails, Array(2100).keys()).settled();
  const { own, sdk } = await collect();
  const durations = own.find(({ name }) => name === 'taskpool.task.duration')?.points ?? [];
  expect(durations).toHaveLength(2000);
  const others = durations.find(({ attributes }) => 'otel.metric.overflow' in Object(attributes));
  expect(others?.value).toMatchObject({ count: 101 });
  expect(own).toEqual(sdk);
  await pool.gatherAndClose({ returnExceptions: true });
});

test('without a reader it holds no pool and no value of a task', async () => {
  const meter = new PoolMeter();
  const pool = taskPool({ name: 'p' });
  instrument(pool, { meter });
  await pool.map((n: number) => n, Array(3000).keys()).settled();
  await pool.gatherAndClose();
  const { resourceMetrics, errors } = await meter.collect();
  expect(errors).toEqual([]);
  const [scope] = resourceMetrics.scopeMetrics;
  const waits = scope?.metrics.find(({ descriptor }) => descriptor.name.endsWith('wait_time'));
  expect(waits?.dataPoints.map(({ value }) => value)).toMatchObject([{ count: 3000 }]);
});
