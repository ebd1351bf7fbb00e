/** Statistics: `xstate-taskpool/statistics`. */

export type { FailedPlace, FailureCount } from './failures.ts';
export { Histogram, type HistogramData } from './histogram.ts';
export { type MeasuredPool, type MetricsOptions, metrics } from './metrics.ts';
export type { PlaceCount } from './places.ts';
export type { LiveState } from './row.ts';
export type { SlowTask } from './slowest.ts';
export {
  Statistics,
  type StatisticsData,
  type StatisticsLimits,
  statistics,
} from './statistics.ts';
export {
  type GroupSummary,
  type LongTask,
  type RowSummary,
  type StatisticsSummary,
  summarize,
  TIME_BOUNDS,
  type TimeSummary,
} from './summary.ts';
