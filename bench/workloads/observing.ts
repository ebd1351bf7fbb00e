/** Observing: what statistics and OpenTelemetry cost. */

import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { TaskPool } from 'xstate-taskpool';
import { type InstrumentOptions, instrument } from 'xstate-taskpool/otel';
import { statistics } from 'xstate-taskpool/statistics';
import { perTask } from '../measure.ts';
import { CONCURRENCY, count, ours, peer, range, type Scale, type Section } from '../model.ts';
import { noop } from './w1-noop.ts';

/** Few enough tasks that their events stay in the caches of a processor, as those just recorded do. */
const WARM_TASKS = 2000;

/** Nanoseconds per event, of events that are there: the least of many runs, as the code is when it is warm. */
async function nanosOfStatistics(tasks: number): Promise<number> {
  const pool = new TaskPool({ retain: 'none', journal: { size: 4 * tasks } });
  await pool.map(noop, range(tasks), { numConcurrent: CONCURRENCY }).settled();
  const events = [...pool.journal];
  const projection = statistics();
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 500; run++) {
    let state = projection.initial();
    const start = performance.now();
    for (const event of events) state = projection.apply(state, event);
    least = Math.min(least, performance.now() - start);
  }
  return (least * 1e6) / events.length;
}

/** The SDK as programs set it up, without an exporter that sends anything. */
function observers(): Required<Pick<InstrumentOptions, 'meter' | 'tracer'>> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const readers = [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 })];
  return {
    meter: new MeterProvider({ readers }).getMeter('bench'),
    tracer: new BasicTracerProvider().getTracer('bench'),
  };
}

function observed(tasks: number, which: readonly ('meter' | 'tracer')[]): () => Promise<number> {
  return async () => {
    const all = observers();
    const options = Object.fromEntries(which.map((name) => [name, all[name]]));
    return await perTask(tasks, async (items) => {
      const pool = new TaskPool({ retain: 'none' });
      if (which.length > 0) instrument(pool, options);
      pool.map(noop, items, { numConcurrent: CONCURRENCY });
      await pool.gatherAndClose();
    })();
  };
}

export function observingSections({ quick }: Scale): Section[] {
  const tasks = quick ? 5000 : 50_000;
  return [
    {
      id: 'observing-statistics',
      title: `the events of ${count(WARM_TASKS)} tasks, counted`,
      unit: 'ns per event',
      contenders: [ours('statistics', () => nanosOfStatistics(WARM_TASKS))],
    },
    {
      id: 'observing-otel',
      title: `${count(tasks)} async no-ops, observed by the SDK of OpenTelemetry`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        peer('nothing', observed(tasks, [])),
        ours('metrics', observed(tasks, ['meter'])),
        ours('traces', observed(tasks, ['tracer'])),
      ],
    },
  ];
}
