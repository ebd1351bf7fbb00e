/** The metrics of a `PoolMeter`, by name. */

import type { HrTime, MetricOptions } from '@opentelemetry/api';
import { type CollectedMetric, HistogramMetric, SumMetric } from './collected-metrics.ts';
import type { Instruments, Observe } from './instruments.ts';

/** Metrics that are requested again by their names are the same, since pools share them. */
export class OwnInstruments implements Instruments<SumMetric> {
  readonly #startTime = now();
  readonly #metrics = new Map<string, HistogramMetric | SumMetric>();
  readonly #callbacks = new Set<(result: Observe<SumMetric>) => void>();

  createHistogram(name: string, options: MetricOptions = {}): HistogramMetric {
    return this.#metric(name, () => new HistogramMetric(name, options));
  }

  createCounter(name: string, options: MetricOptions = {}): SumMetric {
    return this.#metric(name, () => new SumMetric(name, options, true));
  }

  createObservableCounter(name: string, options: MetricOptions = {}): SumMetric {
    return this.createCounter(name, options);
  }

  createObservableUpDownCounter(name: string, options: MetricOptions = {}): SumMetric {
    return this.#metric(name, () => new SumMetric(name, options, false));
  }

  addBatchObservableCallback(callback: (result: Observe<SumMetric>) => void): void {
    this.#callbacks.add(callback);
  }

  removeBatchObservableCallback(callback: (result: Observe<SumMetric>) => void): void {
    this.#callbacks.delete(callback);
  }

  /** All metrics that have values. */
  collect(): CollectedMetric[] {
    for (const callback of [...this.#callbacks]) {
      callback({ observe: (metric, value, attributes) => metric.observe(value, attributes) });
    }
    const period = { startTime: this.#startTime, endTime: now() };
    const all = Array.from(this.#metrics.values(), (metric) => metric.collect(period));
    return all.filter(({ dataPoints }) => dataPoints.length > 0);
  }

  #metric<M extends HistogramMetric | SumMetric>(name: string, create: () => M): M {
    const known = this.#metrics.get(name);
    if (known !== undefined) return known as M;
    const created = create();
    this.#metrics.set(name, created);
    return created;
  }
}

function now(): HrTime {
  const at = Date.now();
  return [Math.floor(at / 1000), (at % 1000) * 1_000_000];
}
