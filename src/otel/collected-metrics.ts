/** The metrics of a `PoolMeter`, in the form that the SDK of OpenTelemetry exports. */

import type { Attributes, HrTime, MetricOptions, ValueType } from '@opentelemetry/api';
import { Buckets, type BucketsData, SeriesByAttributes } from './series.ts';

// Constants of the API and the SDK, which need not be installed where this is loaded.
const DOUBLE: ValueType.DOUBLE = 1;
const CUMULATIVE = 1;
const HISTOGRAM = 0;
const SUM = 3;

/** The time for which values were counted. */
export interface Period {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/** A value with its attributes. */
interface Point<Value> extends Period {
  readonly attributes: Attributes;
  readonly value: Value;
}

interface Collected {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    readonly valueType: ValueType;
  };
  readonly aggregationTemporality: typeof CUMULATIVE;
}

interface CollectedTimes extends Collected {
  readonly dataPointType: typeof HISTOGRAM;
  readonly dataPoints: Point<BucketsData>[];
}

interface CollectedSum extends Collected {
  readonly dataPointType: typeof SUM;
  readonly isMonotonic: boolean;
  readonly dataPoints: Point<number>[];
}

/** A collected metric: a `MetricData` of `@opentelemetry/sdk-metrics`. */
export type CollectedMetric = CollectedTimes | CollectedSum;

const NO_ATTRIBUTES: Attributes = {};

function collected(name: string, { description = '', unit = '' }: MetricOptions): Collected {
  return {
    descriptor: { name, description, unit, valueType: DOUBLE },
    aggregationTemporality: CUMULATIVE,
  };
}

/** A histogram. */
export class HistogramMetric {
  readonly #about: Collected;
  readonly #series: SeriesByAttributes<Buckets>;

  constructor(name: string, options: MetricOptions) {
    const { explicitBucketBoundaries: bounds = [] } = options.advice ?? {};
    this.#about = collected(name, options);
    this.#series = new SeriesByAttributes(() => new Buckets(bounds));
  }

  record(value: number, attributes: Attributes = NO_ATTRIBUTES): void {
    this.#series.get(attributes).record(value);
  }

  collect(period: Period): CollectedTimes {
    const dataPoints = Array.from(this.#series, ({ attributes, value }) => ({
      ...period,
      attributes,
      value: value.toJSON(),
    }));
    return { ...this.#about, dataPointType: HISTOGRAM, dataPoints };
  }
}

/** A counter, or a sum that is observed on collection. */
export class SumMetric {
  readonly #about: Collected;
  readonly #isMonotonic: boolean;
  readonly #series = new SeriesByAttributes(() => ({ sum: 0 }));

  /** @param isMonotonic whether it never decreases. */
  constructor(name: string, options: MetricOptions, isMonotonic: boolean) {
    this.#about = collected(name, options);
    this.#isMonotonic = isMonotonic;
  }

  add(value: number, attributes: Attributes = NO_ATTRIBUTES): void {
    this.#series.get(attributes).sum += value;
  }

  observe(value: number, attributes: Attributes = NO_ATTRIBUTES): void {
    this.#series.get(attributes).sum = value;
  }

  collect(period: Period): CollectedSum {
    const dataPoints = Array.from(this.#series, ({ attributes, value }) => ({
      ...period,
      attributes,
      value: value.sum,
    }));
    return { ...this.#about, dataPointType: SUM, isMonotonic: this.#isMonotonic, dataPoints };
  }
}
