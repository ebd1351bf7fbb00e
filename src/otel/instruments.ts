/** The used part of a meter. */

import type { Attributes, Counter, Histogram, MetricOptions } from '@opentelemetry/api';

/** Receives observed values. */
export interface Observe<Observed> {
  observe(metric: Observed, value: number, attributes?: Attributes): void;
}

/** What `instrument()` needs of a meter. `Observed` stands for the observable metrics that it creates. */
export interface Instruments<Observed> {
  createHistogram(name: string, options?: MetricOptions): Pick<Histogram, 'record'>;
  createCounter(name: string, options?: MetricOptions): Pick<Counter, 'add'>;
  createObservableCounter(name: string, options?: MetricOptions): Observed;
  createObservableUpDownCounter(name: string, options?: MetricOptions): Observed;
  addBatchObservableCallback(
    callback: (result: Observe<Observed>) => void,
    observed: Observed[],
  ): void;
  removeBatchObservableCallback(
    callback: (result: Observe<Observed>) => void,
    observed: Observed[],
  ): void;
}
