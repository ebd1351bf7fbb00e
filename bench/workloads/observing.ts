/** Observing: the cost of statistics and OpenTelemetry. */

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
import { type InstrumentOptions, instrument, PoolMeter } from 'xstate-taskpool/otel';
import { statistics } from 'xstate-taskpool/statistics';
import { CONCURRENCY, count, ours, peer, range, type Scale, type Section } from '../model.ts';
import { noop } from './w1-noop.ts';

/** Few enough tasks that their events stay in the processor's caches, like events that were just recorded. */
const WARM_TASKS = 2000;

/** Nanoseconds per existing event: the minimum of many runs, with warm code. */
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
function observers() {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const poolMeter = new PoolMeter();
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: 2 ** 30,
    metricProducers: [poolMeter],
  });
  return {
    meter: new MeterProvider({ readers: [reader] }).getMeter('bench'),
    poolMeter,
    tracer: new BasicTracerProvider().getTracer('bench'),
  };
}

/**
 * The minimum of this many rounds counts: in others the garbage of the SDK is collected, or another program
 * interferes.
 */
const ROUNDS = 12;

/** Microseconds of processor time for each item of a run. */
async function least(tasks: number, run: (items: number[]) => Promise<unknown>): Promise<number> {
  const items = range(tasks);
  let found = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await run(items);
    const { user, system } = process.cpuUsage(before);
    found = Math.min(found, (user + system) / tasks);
  }
  return found;
}

function observed(
  tasks: number,
  optionsOf?: (all: ReturnType<typeof observers>) => InstrumentOptions,
): () => Promise<number> {
  return async () => {
    const options = optionsOf?.(observers());
    return await least(tasks, async (items) => {
      const pool = new TaskPool({ retain: 'none' });
      if (options !== undefined) instrument(pool, options);
      pool.map(noop, items, { numConcurrent: CONCURRENCY });
      await pool.gatherAndClose();
    });
  };
}

/** A wrapper around each call of a function. */
type Around = (item: number) => Promise<unknown>;

/**
 * The cost of the SDK alone: the same values and attributes in a bare loop, with the same number of calls at a time.
 */
function alone(tasks: number, around: () => Around): () => Promise<number> {
  return async () => {
    const call = around();
    return await least(tasks, async (items) => {
      const left = items.values();
      const work = async (): Promise<void> => {
        for (const item of left) await call(item);
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
    });
  };
}

function withSpans(): Around {
  const { tracer } = observers();
  return (item) => {
    const attributes = {
      'taskpool.pool.name': 'TaskPool-0',
      'taskpool.group.name': 'map-noop-group-0',
      'code.function.name': 'noop',
      'taskpool.task.id': item,
      'taskpool.task.index': item,
      'taskpool.task.attempt': 1,
    };
    return tracer.startActiveSpan('task noop', { attributes }, async (span) => {
      const value = await noop(item);
      span.setAttribute('taskpool.task.outcome', 'fulfilled');
      span.end();
      return value;
    });
  };
}

function withValues(): Around {
  const { meter } = observers();
  const [waited, ran] = [meter.createHistogram('waited'), meter.createHistogram('ran')];
  const ofPool = { 'taskpool.pool.name': 'TaskPool-0' };
  const fulfilled = { ...ofPool, 'taskpool.task.outcome': 'fulfilled' };
  return async (item) => {
    const value = await noop(item);
    waited.record(0.001, ofPool);
    ran.record(0.001, fulfilled);
    return value;
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
      unit: 'µs of processor time per task',
      compared: true,
      contenders: [
        peer('nothing', observed(tasks)),
        ours(
          'metrics, PoolMeter',
          observed(tasks, ({ poolMeter: meter }) => ({ meter })),
        ),
        ours(
          'metrics, meter of the SDK',
          observed(tasks, ({ meter }) => ({ meter })),
        ),
        ours(
          'traces',
          observed(tasks, ({ tracer }) => ({ tracer })),
        ),
      ],
    },
    {
      id: 'observing-sdk',
      title: `${count(tasks)} async no-ops in a bare loop, observed by the SDK itself`,
      unit: 'µs of processor time per call',
      contenders: [
        peer(
          'nothing',
          alone(tasks, () => noop),
        ),
        peer('two values of histograms', alone(tasks, withValues)),
        peer('a span', alone(tasks, withSpans)),
      ],
    },
  ];
}
